"""How the made-up enterprises do: revenue by year, tax, staff, research, trade, energy."""

from dataclasses import dataclass

import numpy as np

from yingshang.facts.generating.firms import TEN_THOUSAND, Firms
from yingshang.facts.grids import BEST, Array, Cells, Grid

YEARS = 4
DECLARED = 0


@dataclass
class Business:
    """Figures that several facts hang on, per year the oldest first."""

    revenue: list[Array]
    exists: list[Array]
    research: Array
    research_ratio: Array
    tax_known: Array

    @property
    def last(self) -> Array:
        """Return the revenue of the last whole year."""
        return self.revenue[-1]


def add_business(grid: Grid, firms: Firms) -> Business:
    """Add what a firm earns, owns, owes and pays; return what later steps build on."""
    business = _draw_revenue(firms)
    _add_results(grid, firms, business)
    _add_size(grid, firms, business)
    _add_research(grid, firms, business)
    _add_trade(grid, firms, business)
    _add_resources(grid, firms, business)
    _add_labour(grid, firms)
    return business


def years(firms: Firms) -> range:
    """Return the whole years of which figures are made up, the oldest first."""
    return range(firms.as_of.year - YEARS, firms.as_of.year)


def _draw_revenue(firms: Firms) -> Business:
    rng, size = firms.rng, len(firms)
    scale = firms.staff * firms.trait("per_head") * TEN_THOUSAND
    level = scale * np.exp(rng.normal(0, 0.5, size) + 0.15 * firms.strength)
    growth = rng.normal(0.04, 0.16, (YEARS - 1, size)) + 0.05 * firms.strength
    revenue = [level]
    for step in growth[::-1]:
        revenue.insert(0, revenue[0] / np.exp(step))
    begun = firms.founded.astype("datetime64[Y]").astype(np.int64) + 1970
    exists = [begun <= year for year in years(firms)]
    research = firms.chance(np.clip(firms.trait("research") * (1 + 0.4 * firms.strength), 0, 0.95))
    ratio = np.clip(np.exp(rng.normal(-3.1, 0.65, size)), 0.002, 0.45)
    whole = [np.round(one / 100).astype(np.int64) * 100 for one in revenue]
    return Business(whole, exists, research, ratio, firms.chance(0.97))


def add_series(
    grid: Grid, firms: Firms, key: str, values: list[Array], known: list[Array], height: int = BEST
) -> None:
    """Add a yearly figure of the firms that have one."""
    grid.series[key] = {
        year: Cells.sure(np.round(value).astype(np.int64), there, height)
        for year, value, there in zip(years(firms), values, known, strict=True)
    }


def _add_results(grid: Grid, firms: Firms, business: Business) -> None:
    rng, size = firms.rng, len(firms)
    known = [one & business.tax_known for one in business.exists]
    margin = np.clip(rng.normal(0.05, 0.08, size) + 0.03 * firms.strength, -0.6, 0.5)
    assets = np.exp(rng.normal(-0.05, 0.5, size))
    debt = np.clip(rng.normal(0.52, 0.2, size) - 0.06 * firms.strength, 0.02, 1.6)
    rate = np.clip(rng.normal(0.034, 0.015, size), 0.002, 0.14)
    revenue = business.revenue
    add_series(grid, firms, "enterprise.revenue", list(revenue), known)
    add_series(grid, firms, "enterprise.profit", [one * margin for one in revenue], known)
    add_series(grid, firms, "enterprise.total_assets", [one * assets for one in revenue], known)
    owed = [one * assets * debt for one in revenue]
    add_series(grid, firms, "enterprise.liabilities", owed, known)
    add_series(grid, firms, "enterprise.tax_paid", [one * rate for one in revenue], known)
    general = business.last >= 500 * TEN_THOUSAND
    grid.scalars["enterprise.vat_taxpayer"] = Cells.sure(
        np.where(general, "general", "small").astype(object), business.tax_known
    )


# Staff, revenue (10,000 yuan) from which a firm is small, medium, large: 统计上大中小微型企业划分办法（2017）.
_LIMITS = {
    "C": ((20, 300), (300, 2_000), (1_000, 40_000)),
    "D": ((20, 300), (300, 2_000), (1_000, 40_000)),
    "E": ((0, 300), (0, 6_000), (0, 80_000)),
    "F": ((5, 500), (20, 2_000), (200, 30_000)),
    "G": ((20, 200), (300, 3_000), (1_000, 30_000)),
    "H": ((10, 100), (100, 2_000), (300, 10_000)),
    "I": ((10, 50), (100, 1_000), (300, 10_000)),
    "A": ((0, 50), (0, 500), (0, 20_000)),
}
_OTHERS = ((10, 0), (100, 0), (300, 0))


def _add_size(grid: Grid, firms: Firms, business: Business) -> None:
    rung = np.zeros(len(firms), np.int64)
    for section in sorted(set(firms.section)):
        there = firms.section == section
        for staff, revenue in _LIMITS.get(section, _OTHERS):
            rung += there & (firms.staff >= staff) & (business.last >= revenue * TEN_THOUSAND)
    names = np.array(["micro", "small", "medium", "large"], object)
    above = (business.last >= 2_000 * TEN_THOUSAND) & business.exists[-1]
    grid.scalars["enterprise.size"] = _reported(names[rung], firms, above, 0.8)
    grid.scalars["enterprise.above_scale"] = Cells.sure(above)
    grid.scalars["enterprise.employees"] = _reported(firms.staff.copy(), firms, above, 0.85)
    _add_scalar_where(grid, "enterprise.paid_in_capital", _paid_in(firms, business), firms, 0.7)


def _paid_in(firms: Firms, business: Business) -> Array:
    share = np.exp(firms.rng.normal(-2.2, 0.8, len(firms)))
    steps = np.round(business.last * share / (10 * TEN_THOUSAND))
    return (np.maximum(steps, 1) * 10 * TEN_THOUSAND).astype(np.int64)


def _reported(values: Array, firms: Firms, surveyed: Array, others: float) -> Cells:
    """Return cells that a survey knows of some firms, and only the firms' word of most others."""
    said = firms.chance(others)
    cells = Cells.sure(values, surveyed | said)
    cells.heights[~surveyed] = DECLARED
    return cells


def _add_scalar_where(grid: Grid, key: str, values: Array, firms: Firms, share: float) -> None:
    cells = Cells.sure(values, firms.chance(share))
    cells.heights[firms.chance(0.5)] = DECLARED
    grid.scalars[key] = cells


def _add_research(grid: Grid, firms: Firms, business: Business) -> None:
    rng, size = firms.rng, len(firms)
    surveyed = grid.scalars["enterprise.above_scale"].values
    told = (surveyed | firms.chance(0.6)) & business.research
    known = [one & (told | (surveyed & ~business.research)) for one in business.exists]
    spend = [
        np.where(business.research, one * business.research_ratio, 0) for one in business.revenue
    ]
    add_series(grid, firms, "enterprise.rd_spend", spend, known)
    for cells in grid.series["enterprise.rd_spend"].values():
        cells.heights[~surveyed] = DECLARED
    deducted = [one & business.research & business.tax_known & firms.chance(0.8) for one in known]
    add_series(grid, firms, "enterprise.rd_deduction", [one * 0.8 for one in spend], deducted)
    people = np.round(firms.staff * np.clip(business.research_ratio * 4, 0.02, 0.8))
    staff = Cells.sure(np.where(business.research, people, 0).astype(np.int64), told | surveyed)
    staff.heights[~surveyed] = DECLARED
    grid.scalars["enterprise.rd_staff"] = staff
    power = np.where(business.research, np.sqrt(firms.staff) * business.research_ratio * 12, 0.01)
    for key, factor in (("invention_patents", 0.5), ("utility_patents", 1.4), ("trademarks", 0.5)):
        count = rng.poisson(np.clip(power * factor, 0, 200)).astype(np.int64)
        grid.scalars[f"enterprise.{key}"] = Cells.sure(count)
    software = np.isin(firms.section, ["I", "M"])
    drawn = rng.poisson(np.where(software, power * 2 + 0.3, power * 0.2)).astype(np.int64)
    known_software = software & firms.chance(0.9)
    grid.scalars["enterprise.software_copyrights"] = Cells.sure(drawn, known_software)
    share = np.clip(rng.normal(0.7, 0.15, size), 0.1, 1.0)
    products = [one * share for one in business.revenue]
    told_products = [one & business.research & firms.chance(0.5) for one in business.exists]
    add_series(grid, firms, "enterprise.hightech_revenue", products, told_products, DECLARED)


def _add_trade(grid: Grid, firms: Firms, business: Business) -> None:
    rng, size = firms.rng, len(firms)
    abroad = firms.chance(np.clip(firms.trait("export") * (1 + 0.3 * np.log(firms.staff)), 0, 0.9))
    share = np.clip(np.exp(rng.normal(-1.4, 0.7, size)), 0.01, 0.98)
    known = [abroad & one for one in business.exists]
    out = [one * share for one in business.revenue]
    add_series(grid, firms, "enterprise.exports", out, known)
    buys = [abroad & one & (share > 0.3) for one in business.exists]
    add_series(grid, firms, "enterprise.imports", [one * 0.3 for one in out], buys)
    grid.scalars["enterprise.customs_filed"] = Cells.sure(abroad | firms.chance(0.03))
    best = firms.chance(np.where(firms.staff > 200, 0.3, 0.02))
    grade = np.where(best, "certified", "regular").astype(object)
    grid.scalars["enterprise.customs_credit"] = Cells.sure(grade, abroad)
    foreign = firms.chance(np.where(abroad, 0.16, 0.02))
    grid.scalars["enterprise.foreign_invested"] = Cells.sure(foreign)
    state = firms.chance(0.015)
    kind = np.where(foreign, "foreign", np.where(state, "state", "private")).astype(object)
    grid.scalars["enterprise.holding"] = _reported(kind, firms, foreign | state, 0.5)


def _add_resources(grid: Grid, firms: Firms, business: Business) -> None:
    rng, size = firms.rng, len(firms)
    works = np.isin(firms.section, ["C", "D"])
    surveyed = grid.scalars["enterprise.above_scale"].values & works
    use = business.last / TEN_THOUSAND * firms.trait("energy") * np.exp(rng.normal(0, 0.4, size))
    year = firms.as_of.year - 1
    grid.series["enterprise.energy_use"] = {year: Cells.sure(np.round(use, 2), surveyed)}
    output = [one * 1.02 for one in business.revenue]
    add_series(
        grid, firms, "enterprise.output_value", output, [surveyed & e for e in business.exists]
    )
    grid.scalars["enterprise.key_energy_user"] = Cells.sure(use >= 10_000)
    owns = works & firms.chance(0.3)
    area = np.round(firms.staff * np.exp(rng.normal(3.4, 0.5, size)), 1)
    grid.scalars["enterprise.land_area"] = Cells.sure(area, owns)
    grid.scalars["enterprise.floor_area"] = Cells.sure(np.round(area * 1.3, 1), owns)
    grid.scalars["enterprise.rents_premises"] = Cells.sure(~owns, firms.chance(0.6))
    invested = [one * 0.06 for one in business.revenue]
    told = [surveyed & one & firms.chance(0.7) for one in business.exists]
    add_series(grid, firms, "enterprise.fixed_investment", invested, told)
    power = {}
    first = firms.as_of.year * 12 + firms.as_of.month - 1
    for number in range(first - 12, first):
        season = 1 + 0.15 * np.cos((number % 12) / 12 * 2 * np.pi)
        month = np.round(use * 1_900 / 12 * season * np.exp(rng.normal(0, 0.08, size)))
        power[number] = Cells.sure(month.astype(np.int64), surveyed)
    grid.series["enterprise.electricity"] = power


def _add_labour(grid: Grid, firms: Firms) -> None:
    rng, size = firms.rng, len(firms)
    insured = np.round(firms.staff * np.clip(rng.normal(0.88, 0.12, size), 0, 1.05))
    covered = firms.chance(0.94)
    grid.scalars["enterprise.insured_staff"] = Cells.sure(insured.astype(np.int64), covered)
    members = np.round(insured * np.clip(rng.normal(0.7, 0.2, size), 0, 1))
    grid.scalars["enterprise.fund_members"] = Cells.sure(
        members.astype(np.int64), covered & firms.chance(0.6)
    )
    late = firms.chance(np.clip(0.02 - 0.012 * firms.strength, 0.002, 0.2))
    debt = np.where(late, np.round(insured * rng.uniform(500, 9000, size)) * 100, 0)
    grid.scalars["enterprise.insurance_arrears"] = Cells.sure(debt.astype(np.int64))
    hired = rng.poisson(firms.staff * 0.03).astype(np.int64)
    left = np.clip(rng.beta(1.2, 22, size) - 0.01 * firms.strength, 0, 0.9)
    year = firms.as_of.year - 1
    grid.series["enterprise.graduates_hired"] = {year: Cells.sure(hired, covered)}
    grid.series["enterprise.layoff_rate"] = {year: Cells.sure(np.round(left, 4), covered)}
    disabled = rng.poisson(firms.staff * 0.006).astype(np.int64)
    grid.scalars["enterprise.disabled_staff"] = Cells.sure(disabled, covered & (firms.staff >= 20))
