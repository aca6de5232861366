"""What the made-up enterprises owe to banks, sell as technology, and set as standards."""

import numpy as np

from yingshang.facts.generating.business import Business, add_series
from yingshang.facts.generating.firms import TEN_THOUSAND, Firms
from yingshang.facts.grids import Cells, Grid


def add_finance(grid: Grid, firms: Firms, business: Business) -> None:
    """Add loans, technology contracts, standards led, and who is watched for its use of energy."""
    rng, size = firms.rng, len(firms)
    borrows = firms.chance(np.clip(0.25 + 0.08 * firms.strength, 0.02, 0.8))
    owed = np.round(business.last * rng.uniform(0.03, 0.35, size) / TEN_THOUSAND)
    loans = np.where(borrows, np.maximum(owed, 10), 0).astype(np.int64) * TEN_THOUSAND
    reported = firms.chance(0.9)
    grid.scalars["enterprise.bank_loans"] = Cells.sure(loans, reported)
    late = borrows & firms.chance(np.clip(0.03 * np.exp(-firms.strength), 0, 0.5))
    grid.scalars["enterprise.loans_overdue"] = Cells.sure(late, reported)
    sells = business.research & firms.chance(0.2)
    worth = np.round(business.last * rng.uniform(0.01, 0.2, size) / TEN_THOUSAND) * TEN_THOUSAND
    there = [sells & one for one in business.exists]
    add_series(grid, firms, "enterprise.technology_contracts", [worth] * len(there), there)
    leads = business.research & firms.chance(np.clip(0.04 + 0.03 * firms.strength, 0, 0.3))
    standards = np.where(leads, rng.integers(1, 4, size), 0).astype(np.int64)
    grid.scalars["enterprise.standards_led"] = Cells.sure(standards, business.research)
    heavy = (business.last * firms.trait("energy") > 1_000 * TEN_THOUSAND) & business.exists[-1]
    grid.scalars["enterprise.key_energy_user"] = Cells.sure(heavy)
