"""A made-up population and policies over it: 40 facts, some 500 distinct conditions, by seed."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

DAY = date(2026, 11, 20)
DAY_NUMBER = DAY.toordinal() - date(1970, 1, 1).toordinal()
CATEGORIES = [1414, 31, 20, 17, 12, 9, 8, 6, 5, 4]
TAGS = [f"T{n}" for n in range(40)]
BOOLEANS, WHOLE, FRACTIONS, DATES, LISTS = 12, 8, 6, 2, 2
FACTS = len(CATEGORIES) + BOOLEANS + WHOLE + FRACTIONS + DATES + LISTS


def make_table(rows: int, seed: int = 1) -> pa.Table:
    """Return a population as an Arrow table; up to 30 in 100 values of a fact are missing."""
    rng = np.random.default_rng(seed)

    def hide(values: Any, kind: Any) -> pa.Array:
        return pa.array(values, kind, mask=rng.random(rows) < rng.uniform(0, 0.3))

    columns: dict[str, Any] = {"subject": pa.array([f"S{n:08d}" for n in range(rows)])}
    for n, size in enumerate(CATEGORIES):
        words = pa.array([f"C{word}" for word in range(size)])
        codes = (rng.random(rows) ** 2 * size).astype(np.int32)
        columns[f"enterprise.c{n}"] = pa.DictionaryArray.from_arrays(hide(codes, pa.int32()), words)
    for n in range(BOOLEANS):
        columns[f"enterprise.b{n}"] = hide(rng.random(rows) < rng.uniform(0.2, 0.8), pa.bool_())
    for n in range(WHOLE):
        columns[f"enterprise.i{n}"] = hide(_amounts(rng, rows), pa.int64())
    for n in range(FRACTIONS):
        columns[f"enterprise.f{n}"] = hide(rng.beta(2, 5, rows), pa.float64())
    for n in range(DATES):
        days = DAY_NUMBER - (rng.random(rows) ** 2 * 12_000).astype(np.int32)
        columns[f"enterprise.d{n}"] = hide(days, pa.date32())
    for n in range(LISTS):
        columns[f"enterprise.l{n}"] = _lists(rng, rows)
    return pa.table(columns)


def _amounts(rng: Any, rows: int) -> Any:
    """Amounts below 2^31, since OpenFisca keeps whole numbers in 32 bits."""
    return np.minimum(rng.lognormal(12, 2, rows), 2e9).astype(np.int64)


def change_some(table: pa.Table, facts: int, seed: int = 9) -> pa.Table:
    """Return the population with some facts of every subject changed."""
    rng = np.random.default_rng(seed)
    other = make_table(len(table), seed)
    names = table.column_names[1:]
    chosen = rng.random((len(table), len(names))).argsort(axis=1) < facts
    columns = {"subject": table.column("subject")}
    for place, name in enumerate(names):
        rows = np.where(chosen[:, place], np.arange(len(table)) + len(table), np.arange(len(table)))
        both = pa.chunked_array(table.column(name).chunks + other.column(name).chunks)
        columns[name] = both.unify_dictionaries().combine_chunks().take(pa.array(rows))
    return pa.table(columns)


def _lists(rng: Any, rows: int) -> pa.Array:
    sizes = rng.integers(0, 5, rows)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    items = rng.integers(0, len(TAGS), int(offsets[-1])).astype(np.int32)
    words = pa.DictionaryArray.from_arrays(pa.array(items), pa.array(TAGS)).dictionary_decode()
    return pa.ListArray.from_arrays(pa.array(offsets), words, mask=pa.array(rng.random(rows) < 0.1))


@dataclass(frozen=True)
class Condition:
    """A condition as data, for engines that do not read our texts: ``kind`` and its parts."""

    kind: str
    fact: str
    sign: str = ""
    value: Any = None
    other: str = ""

    @property
    def text(self) -> str:
        """The condition in the language of rules."""
        fact = f"enterprise.{self.fact}"
        match self.kind:
            case "bool":
                return fact
            case "in":
                return f"{fact} in [{', '.join(repr(word) for word in self.value)}]"
            case "two":
                return f"{fact} {self.sign} enterprise.{self.other}"
            case "share":
                return f"{fact} * {self.value} {self.sign} enterprise.{self.other}"
            case "tag":
                return f"{self.value!r} in {fact}"
            case "years":
                return f"years_since({fact}) {self.sign} {self.value}"
            case "date":
                return f"{fact} {self.sign} date('{self.value}')"
            case _:
                return f"{fact} {self.sign} {self.value!r}"


Tree = Condition | tuple[str, tuple[Any, ...]]


def make_policies(count: int, seed: int = 2) -> list[Tree]:
    """Return conditions nested with and, or, not: 4 to 12 conditions a policy, from some 500."""
    dice = random.Random(seed)
    pool = _pool(dice)
    return [_policy(dice, dice.choices(pool, k=dice.randint(4, 12))) for _ in range(count)]


def _pool(dice: random.Random) -> list[Condition]:
    """Some 500 conditions; one in eight is over two facts, a list or a date."""
    pool = [Condition("bool", f"b{n}") for n in range(BOOLEANS)]
    for n, size in enumerate(CATEGORIES):
        for _ in range(min(size, 14)):
            words = dice.sample(range(size), dice.randint(1, max(1, min(size // 2, 30))))
            pool.append(Condition("in", f"c{n}", value=tuple(f"C{word}" for word in words)))
    for name, number in [("i", WHOLE), ("f", FRACTIONS)]:
        for _ in range(290):
            value = (
                int(dice.lognormvariate(12, 2)) if name == "i" else round(dice.random() * 0.6, 3)
            )
            sign = dice.choice([">=", "<", ">", "<="])
            pool.append(Condition("number", f"{name}{dice.randrange(number)}", sign, value))
        pool = pool[: 260 if name == "i" else 440]
    for _ in range(20):
        a, b = dice.sample(range(WHOLE), 2)
        kind, value = dice.choice([("two", None), ("share", dice.randint(2, 9))])
        pool.append(Condition(kind, f"i{a}", dice.choice([">", "<="]), value, f"i{b}"))
    for _ in range(25):
        pool.append(Condition("tag", f"l{dice.randrange(LISTS)}", value=dice.choice(TAGS)))
    for _ in range(12):
        fact, sign = f"d{dice.randrange(DATES)}", dice.choice([">=", "<"])
        pool.append(Condition("years", fact, sign, dice.randint(1, 20)))
        year = date(dice.randint(1996, 2026), 1, 1)
        pool.append(Condition("date", fact, sign, year.isoformat()))
    return list(dict.fromkeys(pool))


def _policy(dice: random.Random, conditions: list[Condition]) -> Tree:
    parts: list[Tree] = []
    while conditions:
        size = min(len(conditions), dice.choice([1, 1, 1, 2, 3]))
        group, conditions = conditions[:size], conditions[size:]
        part: Tree = group[0] if size == 1 else ("||", tuple(group))
        parts.append(("!", (part,)) if dice.random() < 0.12 else part)
    if len(parts) > 4 and dice.random() < 0.6:
        parts = [("||", (("&&", tuple(parts[:3])), ("&&", tuple(parts[3:]))))]
    return parts[0] if len(parts) == 1 else ("&&", tuple(parts))


def text_of(tree: Tree) -> str:
    """Return a policy's condition as one text."""
    if isinstance(tree, Condition):
        return tree.text
    operator, parts = tree
    if operator == "!":
        return f"!({text_of(parts[0])})"
    return "(" + f" {operator} ".join(text_of(part) for part in parts) + ")"
