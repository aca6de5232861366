"""Who the made-up enterprises are: code, name, trade, age, staff and size."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from yingshang.facts.generating.trades import FIRST, PARKS, SECOND, STREETS, THIRD, TRADES
from yingshang.facts.grids import Array
from yingshang.kernel.identifiers import ALPHANUMERIC, CREDIT_ALPHABET

YUAN = 100
TEN_THOUSAND = 10_000 * YUAN
"""10,000 yuan in fen."""


@dataclass
class Firms:
    """The made-up enterprises by columns, with what every later step builds on."""

    rng: np.random.Generator
    as_of: date
    division: str
    trade: Array
    codes: Array
    names: Array
    industry: Array
    section: Array
    founded: Array
    age: Array
    staff: Array
    strength: Array
    """How well a firm does, about -3 to 3: good ones grow, do research and pay on time."""

    def __len__(self) -> int:
        return len(self.codes)

    def trait(self, name: str) -> Array:
        """Return a number of each firm's trade."""
        return np.array([getattr(trade, name) for trade in TRADES])[self.trade]

    def chance(self, probability: Any) -> Array:
        """Draw for every firm whether something of this probability is so."""
        drawn: Array = self.rng.random(len(self)) < probability
        return drawn

    def days_before(self, longest: int, size: int) -> Array:
        """Draw days within so many days before the day of the district."""
        back = self.rng.integers(0, longest, size).astype("timedelta64[D]")
        return np.datetime64(self.as_of) - back


def make_firms(size: int, seed: int, as_of: date, division: str) -> Firms:
    """Draw the enterprises of a district."""
    rng = np.random.default_rng(seed)
    shares = np.array([trade.share for trade in TRADES])
    trade = rng.choice(len(TRADES), size, p=shares / shares.sum())
    strength = rng.normal(size=size)
    age = np.minimum(rng.exponential(7.5, size) + rng.uniform(0, 1.2, size), 42.0)
    founded = np.datetime64(as_of) - (age * 365.25).astype(np.int64).astype("timedelta64[D]")
    median = np.array([one.staff * 0.7 for one in TRADES])[trade]
    spread = np.exp(rng.normal(0, 1.05, size) + 0.25 * strength + 0.25 * np.log1p(age / 5))
    industry = np.array([one.codes[0] for one in TRADES], object)[trade]
    for number, one in enumerate(TRADES):
        there = np.flatnonzero(trade == number)
        industry[there] = np.array(one.codes, object)[rng.integers(0, len(one.codes), len(there))]
    return Firms(
        rng,
        as_of,
        division,
        trade,
        make_codes(size, seed, division),
        _names(rng, trade),
        industry,
        np.array([one.section for one in TRADES], object)[trade],
        founded,
        age,
        np.maximum(np.round(median * spread), 1).astype(np.int64),
        strength,
    )


def make_codes(size: int, seed: int, division: str) -> Array:
    """Return distinct unified social credit codes that pass both of their checks (GB 32100, GB 11714)."""
    start = (seed * 7_919) % 30_000_000
    serials = np.char.zfill((start + np.arange(size)).astype(str), 8)
    bodies = np.char.add("Q", np.array([text[-7:] for text in serials]))
    inner = _characters(bodies)
    weights = np.array([3, 7, 9, 10, 5, 8, 4, 2])
    checks = np.array(list("0123456789X"))[-(_numbers(inner, ALPHANUMERIC) @ weights) % 11]
    first17 = np.char.add(np.char.add(f"91{division}", bodies), checks)
    powers = np.array([pow(3, place, 31) for place in range(17)])
    outer = _numbers(_characters(first17), CREDIT_ALPHABET) @ powers
    found: Array = np.char.add(first17, np.array(list(CREDIT_ALPHABET))[-outer % 31])
    return found.astype(object)


def _characters(texts: Array) -> Array:
    return texts.view("U1").reshape(len(texts), -1)


def _numbers(characters: Array, alphabet: str) -> Array:
    table = np.zeros(128, np.int64)
    for number, character in enumerate(alphabet):
        table[ord(character)] = number
    return table[characters.view(np.uint32).reshape(characters.shape)]


def _names(rng: np.random.Generator, trade: Array) -> Array:
    size = len(trade)
    words = [
        f"{FIRST[a]}{THIRD[b]}{SECOND[c]}{TRADES[t].words[w]}"
        for a, b, c, w, t in zip(
            rng.integers(0, len(FIRST), size),
            rng.integers(0, len(THIRD), size),
            rng.integers(0, len(SECOND), size),
            rng.integers(0, 2, size),
            trade,
            strict=True,
        )
    ]
    seen: dict[str, int] = {}
    names = []
    for word in words:
        seen[word] = number = seen.get(word, 0) + 1
        again = "" if number == 1 else f"（清江{number}）"
        names.append(f"云州{word}{again}有限公司")
    return np.array(names, object)


def draw_addresses(firms: Firms) -> Array:
    """Return a made-up address for every firm."""
    streets = np.array(STREETS)[firms.rng.integers(0, len(STREETS), len(firms))]
    numbers = firms.rng.integers(1, 2000, len(firms))
    rows = zip(streets, numbers, strict=True)
    return np.array([f"云州市清江区{street}{number}号" for street, number in rows], object)


def draw_parks(firms: Firms) -> tuple[Array, Array]:
    """Return the park of every firm, and which firms are in one."""
    place = firms.rng.integers(0, len(PARKS), len(firms))
    inside = firms.chance(np.where(np.isin(firms.section, ["C", "I", "M"]), 0.45, 0.06))
    return np.array(PARKS, object)[place], inside
