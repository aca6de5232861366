"""The same policies in other engines, built from the same conditions: Polars, and OpenFisca-core.

Dates by years are handed over as the day they stand for, which spares these engines the calendar.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks._population import DAY, Condition, Tree


def _birthday(years: int) -> date:
    return date(DAY.year - years, DAY.month, DAY.day)


def _words(table: pa.Table, name: str) -> list[str]:
    words: list[str] = table.column(name).combine_chunks().dictionary.to_pylist()
    return words


def polars_select(
    table: pa.Table, policies: list[Tree]
) -> Callable[[], tuple[Any, Any, list[Any]]]:
    """Return one lazy select over all policies: counts of yes, of unknown, and the rows of yes."""
    import polars as pl

    signs = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}

    def atom(c: Condition) -> Any:
        fact = pl.col(f"enterprise.{c.fact}")
        match c.kind:
            case "bool":
                return fact
            case "in":
                return fact.is_in(list(c.value))
            case "two":
                return getattr(fact, signs[c.sign])(pl.col(f"enterprise.{c.other}"))
            case "share":
                return getattr(fact * c.value, signs[c.sign])(pl.col(f"enterprise.{c.other}"))
            case "tag":
                return fact.list.contains(c.value)
            case "years":
                day = pl.lit(_birthday(c.value))
                return fact <= day if c.sign == ">=" else fact > day
            case "date":
                return getattr(fact, signs[c.sign])(pl.lit(date.fromisoformat(c.value)))
            case _:
                return getattr(fact, signs[c.sign])(c.value)

    def build(tree: Tree) -> Any:
        if isinstance(tree, Condition):
            return atom(tree)
        operator, parts = tree
        if operator == "!":
            return ~build(parts[0])
        join = pl.all_horizontal if operator == "&&" else pl.any_horizontal
        return join([build(part) for part in parts])

    frame = pl.from_arrow(table)
    enums = {
        name: pl.Enum(_words(table, name))
        for name in table.column_names
        if pa.types.is_dictionary(table.schema.field(name).type)
    }
    frame = frame.cast(enums)
    wanted = [build(tree).alias(str(n)) for n, tree in enumerate(policies)]

    def run() -> tuple[Any, Any, list[Any]]:
        found = frame.lazy().select(wanted).collect()
        rows = [column.arg_true().to_numpy() for column in found.iter_columns()]
        unknown = np.array([column.null_count() for column in found.iter_columns()])
        return np.array([len(r) for r in rows]), unknown, rows

    return run


class _Fisca:
    """A tax and benefit system over one entity, with the facts as its inputs."""

    def __init__(self, table: pa.Table, policies: list[Tree]) -> None:
        from openfisca_core import entities, taxbenefitsystems

        self.entity = entities.Entity("enterprise", "enterprises", "", "")
        self.system = taxbenefitsystems.TaxBenefitSystem([self.entity])
        self.arrays: dict[str, Any] = {}
        self.words: dict[str, dict[str, int]] = {}
        for name in table.column_names[1:]:
            self._take(name.partition(".")[2], table.column(name).combine_chunks())
        for name, flags in _list_flags(table, policies).items():
            self.arrays[name] = flags
            self.declare(name, bool)

    def declare(self, name: str, kind: type, **more: Any) -> None:
        """Add a variable."""
        from openfisca_core import periods, variables

        body = {"value_type": kind, "entity": self.entity, "definition_period": periods.YEAR}
        self.system.add_variable(type(name, (variables.Variable,), body | more))

    def _take(self, short: str, column: Any) -> None:
        if pa.types.is_list(column.type):
            return
        self.arrays[f"{short}_gone"] = np.asarray(column.is_null())
        if pa.types.is_dictionary(column.type):
            self.words[short] = {w: n for n, w in enumerate(column.dictionary.to_pylist())}
            column = column.indices
        elif pa.types.is_date(column.type):
            column = column.view(pa.int32())
        values = np.asarray(column.fill_null(False if pa.types.is_boolean(column.type) else 0))
        self.arrays[short] = values
        self.declare(short, {"b": bool, "f": float}.get(values.dtype.kind, int))
        self.declare(f"{short}_gone", bool)

    def compute(self, enterprise: Any, period: Any, tree: Tree) -> tuple[Any, Any]:
        """Return for whom a condition holds, and for whom it may."""
        if isinstance(tree, Condition):
            return self._atom(enterprise, period, tree)
        operator, parts = tree
        found = [self.compute(enterprise, period, part) for part in parts]
        if operator == "!":
            return ~found[0][1], ~found[0][0]
        join = np.logical_and if operator == "&&" else np.logical_or
        return join.reduce([t for t, _ in found]), join.reduce([p for _, p in found])

    def _atom(self, enterprise: Any, period: Any, c: Condition) -> tuple[Any, Any]:
        if c.kind == "tag":
            true = enterprise(f"{c.fact}_{c.value}", period)
            return true, true | enterprise(f"{c.fact}_missing", period)
        gone = enterprise(f"{c.fact}_gone", period)
        fact = enterprise(c.fact, period)
        true = _compare(c, fact, self.words, lambda n: enterprise(n, period))
        if c.other:
            gone = gone | enterprise(f"{c.other}_gone", period)
        return true & ~gone, true | gone

    def formula(self, tree: Tree, plane: int) -> Callable[..., Any]:
        """Return the formula of one policy: for whom it holds (0), or may hold (1)."""
        return _method(lambda enterprise, period: self.compute(enterprise, period, tree)[plane])


def openfisca_run(
    table: pa.Table, policies: list[Tree]
) -> Callable[[], tuple[Any, Any, list[Any]]]:
    """Return a simulation with two variables per policy (yes, possibly yes) over shared facts."""
    from openfisca_core import simulations

    fisca = _Fisca(table, policies)
    for n, tree in enumerate(policies):
        for plane, suffix in enumerate(("yes", "possible")):
            fisca.declare(f"p{n}_{suffix}", bool, formula=fisca.formula(tree, plane))
    everyone = len(table)

    def run() -> tuple[Any, Any, list[Any]]:
        builder = simulations.SimulationBuilder()
        builder.create_entities(fisca.system)
        builder.declare_person_entity("enterprise", range(everyone))
        simulation = builder.build(fisca.system)
        for name, values in fisca.arrays.items():
            simulation.set_input(name, "2026", values)
        rows, unknown = [], []
        for n in range(len(policies)):
            yes = simulation.calculate(f"p{n}_yes", "2026")
            possible = simulation.calculate(f"p{n}_possible", "2026")
            rows.append(np.flatnonzero(yes))
            unknown.append(np.count_nonzero(possible & ~yes))
        return np.array([len(r) for r in rows]), np.array(unknown), rows

    return run


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    def formula(enterprise: Any, period: Any) -> Any:
        return function(enterprise, period)

    return formula


def _list_flags(table: pa.Table, policies: list[Tree]) -> dict[str, Any]:
    """OpenFisca has no lists: the flags it needs are handed over ready."""
    found: dict[str, Any] = {}

    def visit(tree: Tree) -> None:
        if not isinstance(tree, Condition):
            for part in tree[1]:
                visit(part)
        elif tree.kind == "tag" and f"{tree.fact}_{tree.value}" not in found:
            column = table.column(f"enterprise.{tree.fact}").combine_chunks()
            found[f"{tree.fact}_{tree.value}"] = _has_tag(column, tree.value)
            found[f"{tree.fact}_missing"] = np.asarray(column.is_null())

    for policy in policies:
        visit(policy)
    return found


def _has_tag(column: Any, tag: str) -> Any:
    flat = np.asarray(pc.equal(column.flatten(), tag))
    sizes = np.asarray(pc.fill_null(pc.list_value_length(column), 0))
    ends = np.cumsum(sizes)
    sums = np.concatenate([[0], np.cumsum(flat)])
    return sums[ends] > sums[ends - sizes]


def _compare(c: Condition, fact: Any, words: Any, read: Callable[[str], Any]) -> Any:
    signs = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
    match c.kind:
        case "bool":
            return fact
        case "in":
            return np.isin(fact, [words[c.fact][word] for word in c.value])
        case "two":
            return signs[c.sign](fact, read(c.other))
        case "share":
            return signs[c.sign](fact.astype(np.int64) * c.value, read(c.other))
        case "years":
            limit = _birthday(c.value).toordinal() - date(1970, 1, 1).toordinal()
            return fact <= limit if c.sign == ">=" else fact > limit
        case "date":
            limit = date.fromisoformat(c.value).toordinal() - date(1970, 1, 1).toordinal()
            return signs[c.sign](fact, limit)
        case _:
            return signs[c.sign](fact, c.value)
