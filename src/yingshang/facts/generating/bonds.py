"""How the made-up enterprises stand to people and to one another: heads, parents, branches, with dates.

Whoever heads a firm that does badly, or is on the list of dishonest debtors, is likelier to be on it too;
subsidiaries often share the head of their parent. The identity numbers pass their check (GB 11643) and are of
a division that nobody comes from.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from yingshang.facts.generating.firms import Firms, make_codes
from yingshang.facts.grids import Array, Bonds, Grid

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗"
_GIVEN = "嘉明文晓建国志伟海燕静雪丽华子涵雨泽宇轩思远立新永春秋兰"
_FIRST_BIRTH, _BIRTHS = date(1958, 1, 1), 14_600
_DAY = np.timedelta64(1, "D")


@dataclass
class _Heads:
    """People by number, and who heads each firm today."""

    of: Array
    size: int


def add_bonds(grid: Grid, firms: Firms, seed: int) -> None:
    """Add relations and what is known of the people in them."""
    parents = _parents(firms)
    heads = _heads(firms, parents)
    codes, names = _identities(firms, heads.size, seed), _people(firms, heads.size)
    bonds = Bonds()
    _add_heads(bonds, firms, heads, codes, names)
    there = np.flatnonzero(parents >= 0)
    since = _later(firms, there)
    others = firms.codes[parents[there]]
    bonds.add("parent", there, others, firms.names[parents[there]], since)
    _add_branches(bonds, firms, seed)
    bonds.flags["person.dishonest_debtor"] = _dishonest(grid, firms, heads, codes)
    grid.bonds = bonds


def _parents(firms: Firms) -> Array:
    """Return the firm that each firm belongs to, -1 for none: an older, larger one."""
    size = len(firms)
    found = np.full(size, -1, np.int64)
    large = np.flatnonzero((firms.staff > 60) & (firms.age > 5))
    if not len(large):
        return found
    drawn = large[firms.rng.integers(0, len(large), size)]
    older = (firms.founded[drawn] < firms.founded) & (firms.staff[drawn] > 2 * firms.staff)
    belongs = firms.chance(0.12) & older
    found[belongs] = drawn[belongs]
    return found


def _heads(firms: Firms, parents: Array) -> _Heads:
    size = len(firms)
    own = np.arange(size)
    shared = firms.chance(0.04)
    own[shared] = firms.rng.integers(0, size, int(shared.sum()))
    with_parent = (parents >= 0) & firms.chance(0.4)
    own[with_parent] = own[parents[with_parent]]
    return _Heads(own, size)


def _identities(firms: Firms, size: int, seed: int) -> Array:
    """Return twice as many distinct identity numbers as firms: of heads, and of those before them."""
    number = np.arange(2 * size) + seed * 31_337
    serial = number % 1_000
    day = (number // 1_000 * 7_919 + serial * 13) % _BIRTHS
    born = np.datetime64(_FIRST_BIRTH) + day.astype("timedelta64[D]")
    births = np.char.replace(born.astype(str), "-", "")
    bodies = np.char.add(np.char.add(firms.division, births), np.char.zfill(serial.astype(str), 3))
    digits = bodies.view("U1").reshape(len(bodies), -1).astype(np.int64)
    weights = np.array([pow(2, 17 - place, 11) for place in range(17)])
    checks = np.array(list("0123456789X"))[(1 - digits @ weights) % 11]
    found: Array = np.char.add(bodies, checks).astype(object)
    return found


def _people(firms: Firms, size: int) -> Array:
    rng, count = firms.rng, 2 * size
    surnames = np.array(list(_SURNAMES))[rng.integers(0, len(_SURNAMES), count)]
    first = np.array(list(_GIVEN))[rng.integers(0, len(_GIVEN), count)]
    second = np.array([*_GIVEN, *[""] * 12])[rng.integers(0, len(_GIVEN) + 12, count)]
    return np.char.add(np.char.add(surnames, first), second).astype(object)


def _add_heads(bonds: Bonds, firms: Firms, heads: _Heads, codes: Array, names: Array) -> None:
    """Add who heads each firm, since it was founded or since another left."""
    size = len(firms)
    changed = firms.chance(0.15) & (firms.age > 3)
    rows = np.flatnonzero(changed)
    since = firms.founded.copy()
    since[rows] = _later(firms, rows)
    bonds.add("legal_representative", np.arange(size), codes[heads.of], names[heads.of], since)
    bonds.add(
        "legal_representative",
        rows,
        codes[size + rows],
        names[size + rows],
        firms.founded[rows],
        since[rows] - _DAY,
    )


def _later(firms: Firms, rows: Array) -> Array:
    """Return days between a firm's founding and the day of the district."""
    age = (np.datetime64(firms.as_of) - firms.founded[rows]).astype(np.int64)
    after = (firms.rng.uniform(0.1, 0.98, len(rows)) * np.maximum(age, 2)).astype(np.int64)
    found: Array = firms.founded[rows] + np.maximum(after, 1).astype("timedelta64[D]")
    return found


def _add_branches(bonds: Bonds, firms: Firms, seed: int) -> None:
    counts = np.where(firms.staff > 40, firms.rng.poisson(np.clip(firms.staff / 300, 0, 4)), 0)
    rows = np.repeat(np.arange(len(firms)), counts)
    if not len(rows):
        return
    codes = make_codes(len(firms) + len(rows), seed, firms.division)[len(firms) :]
    place = np.concatenate([np.arange(1, count + 1) for count in counts if count])
    names = np.array(
        [f"{firms.names[row]}第{number}分公司" for row, number in zip(rows, place, strict=True)],
        object,
    )
    since = _later(firms, rows)
    open_ = firms.rng.random(len(rows)) > 0.08
    bonds.add("branch", rows[open_], codes[open_], names[open_], since[open_])
    shut = np.datetime64(firms.as_of) - firms.rng.integers(1, 30, len(rows)).astype(
        "timedelta64[D]"
    )
    ended = ~open_ & (since < shut)
    bonds.add("branch", rows[ended], codes[ended], names[ended], since[ended], shut[ended])


def _dishonest(grid: Grid, firms: Firms, heads: _Heads, codes: Array) -> dict[str, bool]:
    """Return the heads on the list of dishonest debtors; no others are."""
    listed = grid.scalars.get("enterprise.dishonest_debtor")
    on_list = (
        listed.values.astype(np.bool_) & listed.known if listed else np.zeros(len(firms), bool)
    )
    weak = np.clip(0.004 - 0.003 * firms.strength, 0.0005, 0.02)
    drawn = firms.chance(np.where(on_list, 0.45, weak))
    return {str(codes[head]): True for head in np.unique(heads.of[drawn])}
