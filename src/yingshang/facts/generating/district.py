"""A whole made-up district: every enterprise with all its facts, as one grid."""

from datetime import date

import numpy as np

from yingshang.facts.generating.bonds import add_bonds
from yingshang.facts.generating.business import add_business
from yingshang.facts.generating.conduct import add_conduct
from yingshang.facts.generating.finance import add_finance
from yingshang.facts.generating.firms import (
    TEN_THOUSAND,
    Firms,
    draw_addresses,
    draw_parks,
    make_firms,
)
from yingshang.facts.generating.trades import TRADES, Trade
from yingshang.facts.grids import Cells, Grid


def generate(size: int, *, seed: int, as_of: date, division: str) -> Grid:
    """Return a grid of so many made-up enterprises; the same for the same four parameters.

    Its subjects are unified social credit codes that pass their checks, under a division that should
    not exist.
    """
    firms = make_firms(size, seed, as_of, division)
    grid = Grid(firms.codes, as_of)
    _add_registration(grid, firms)
    business = add_business(grid, firms)
    add_conduct(grid, firms, business)
    add_bonds(grid, firms, seed)
    _add_contact(grid, firms)
    add_finance(grid, firms, business)
    grid.complete = frozenset(grid.records)
    return grid


def _add_registration(grid: Grid, firms: Firms) -> None:
    rng, size = firms.rng, len(firms)
    scalars = grid.scalars
    scalars["enterprise.name"] = Cells.sure(firms.names)
    single = firms.chance(0.35)
    kinds = np.where(firms.staff > 400, "jsc", np.where(single, "llc-single", "llc"))
    scalars["enterprise.type"] = Cells.sure(kinds.astype(object))
    gone = firms.chance(0.012)
    status = np.where(gone, "revoked", np.where(firms.chance(0.006), "suspended", "active"))
    scalars["enterprise.status"] = Cells.sure(status.astype(object))
    scalars["enterprise.founded_on"] = Cells.sure(firms.founded)
    scalars["enterprise.division"] = Cells.sure(np.full(size, firms.division, object))
    scalars["enterprise.address"] = Cells.sure(draw_addresses(firms))
    scalars["enterprise.industry"] = Cells.sure(firms.industry, firms.chance(0.985))
    steps = np.round(np.exp(rng.normal(np.log(firms.staff * 14), 0.8)) / 10)
    capital = np.maximum(steps, 1).astype(np.int64) * 10 * TEN_THOUSAND
    scalars["enterprise.registered_capital"] = Cells.sure(capital)
    ends = firms.founded + np.timedelta64(20 * 365 + 5, "D")
    scalars["enterprise.term_ends_on"] = Cells.sure(ends, firms.chance(0.25))
    parks, inside = draw_parks(firms)
    scalars["enterprise.park"] = Cells.sure(parks, inside)
    listed = firms.chance(np.clip((firms.staff - 200) / 4_000, 0, 0.3))
    boards = np.array(["sse-main", "sse-star", "szse-chinext", "bse", "neeq"], object)
    board = np.where(listed, boards[rng.integers(0, len(boards), size)], "none")
    scalars["enterprise.listing"] = Cells.sure(board.astype(object))


def _add_contact(grid: Grid, firms: Firms) -> None:
    """Add what a firm does in words, and a telephone number of a kind that nobody has."""
    exports = firms.chance(firms.trait("export"))
    scopes = [
        _scope(TRADES[trade], exporting, researching)
        for trade, exporting, researching in zip(
            firms.trade, exports, firms.trait("research") > 0.25, strict=True
        )
    ]
    grid.scalars["enterprise.business_scope"] = Cells.sure(np.array(scopes, object))
    numbers = firms.rng.integers(0, 10**8, len(firms))
    phones = np.array([f"100{number:08}" for number in numbers], object)
    grid.scalars["enterprise.contact_phone"] = Cells.sure(phones, firms.chance(0.8))


def _scope(trade: Trade, exporting: bool, researching: bool) -> str:
    doing = "产品的生产和销售" if trade.section == "C" else "业务及相关服务"
    parts = [f"一般项目：{'、'.join(trade.words)}{doing}"]
    parts += ["技术开发、技术咨询、技术服务"] if researching else []
    parts += ["货物进出口"] if exporting else []
    return "；".join(parts)
