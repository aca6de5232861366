"""``yingshang match``: every policy for every subject of a Parquet file."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from yingshang.cli.catalogue import (
    Catalogue,
    catalogue_for,
    catalogue_option,
    file_path,
    tell_differences,
)
from yingshang.cli.output import emit, json_option, plain_errors
from yingshang.cli.rules import as_of_option, day_of
from yingshang.rules.columns import Table, fits, holds_whole, read_schema, read_table
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.errors import BadFacts
from yingshang.rules.matching import Matcher, Outcome, expand
from yingshang.rules.matching import match as match_rules
from yingshang.rules.policies import Library, read_library
from yingshang.rules.reports import check_place, is_device, write_reports
from yingshang.rules.spark import open_session, require_spark, run_spark
from yingshang.rules.types import DOUBLE, INT, Type, is_fact_type


@click.command()
@click.option(
    "--facts",
    required=True,
    type=file_path,
    metavar="FILE",
    help="Parquet with a subject column and one per fact",
)
@click.option(
    "--policies", required=True, type=file_path, metavar="DIR", help="YAML files of policies"
)
@click.option(
    "--out", required=True, type=file_path, metavar="FILE", help="Parquet: subject, policy, result"
)
@click.option(
    "--results", type=file_path, metavar="FILE", help="Parquet: what the entitled get, by name"
)
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True)
@click.option(
    "--master",
    default="local[*]",
    show_default=True,
    metavar="URL",
    help="with --engine spark: the cluster, which must see the files of --facts and --out",
)
@catalogue_option
@as_of_option
@json_option
@plain_errors
def match(
    facts: Path,
    policies: Path,
    out: Path,
    results: Path | None,
    engine: str,
    master: str,
    catalogue: Path | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Match every policy in DIR with every subject in FILE and write who is entitled or undecided."""
    if engine == "spark":
        require_spark()
    begun = time.perf_counter()
    _check_places(facts, out, results)
    library, schema = read_library(policies), read_schema(facts)
    catalogue_ = catalogue_for(library, catalogue)
    declarations = Declarations(
        _declared(facts, schema, catalogue_),
        as_of=day_of(as_of),
        parameters=catalogue_.parameters,
    )
    rules = compile_rules(library.policies, declarations)
    _require_columns(rules, schema, declarations.parameters)
    used = {name.partition("@")[0] for rule in rules for name in _columns(rule)}
    tell_differences(catalogue_, declarations.facts, used)
    if engine == "spark":
        outcome, table = _match_on_spark(rules, facts, declarations, out, master)
    else:
        table = read_table(facts, used, _types(declarations))
        outcome = match_rules(rules, table)
    write_reports(outcome, table, out, results)
    seconds = time.perf_counter() - begun
    _report(outcome, library, seconds, as_json)


def _match_on_spark(
    rules: tuple[Rule, ...], facts: Path, declarations: Declarations, out: Path, master: str
) -> tuple[Outcome, Table]:
    given = {name.partition("@")[0] for rule in rules for name in rule.result_columns}
    types = _types(declarations)
    table = read_table(facts, given, types)
    program = Matcher(rules).program
    with open_session(master) as session:
        words = run_spark(session, program, facts, types, len(table), out.parent)
    return expand(rules, program, words, len(table)), table


def _types(declarations: Declarations) -> dict[str, Declared]:
    """Return the types of all columns; a parameter that is one has no value on the day."""
    parameters = {key: Declared(one.type) for key, one in declarations.parameters.items()}
    return {**parameters, **declarations.facts}


def _check_places(facts: Path, out: Path, results: Path | None) -> None:
    """Refuse what cannot be written before any work is done, and what would overwrite its own input."""
    for place in (out, *([results] if results else [])):
        if place.resolve() == facts.resolve():
            raise BadFacts(f"{place} 就是事实文件，不能覆盖")
        check_place(place)
    if results is not None and results.resolve() == out.resolve() and not is_device(out):
        raise BadFacts(f"--out 与 --results 是同一个文件 {out}")


def _declared(path: Path, schema: Mapping[str, Type], catalogue: Catalogue) -> dict[str, Declared]:
    found = catalogue.settle({key: Declared(kind) for key, kind in schema.items()})
    for key, one in found.items():
        is_split = one.loose and one.type == DOUBLE and catalogue.known[key].type == INT
        if is_split and holds_whole(path, key):
            found[key] = replace(one, type=INT)
    for key, declared in catalogue.facts.items():
        if key in schema and not fits(schema[key], declared.type):
            raise BadFacts(f"列 {key} 应为{declared.type}，文件中却是{schema[key]}")
        found[key] = declared
    return found


def _columns(rule: Rule) -> frozenset[str]:
    return rule.facts | rule.result_columns


def _require_columns(
    rules: Iterable[Rule], schema: Mapping[str, Type], parameters: Collection[str]
) -> None:
    """Refuse a rule that reads what the file does not have; a parameter without value is unknown."""
    for rule in rules:
        for name in sorted(_columns(rule)):
            key = name.partition("@")[0]
            if key in schema and not is_fact_type(schema[key]):
                raise _unusable(rule, f"列 {key} 的类型 {schema[key]} 不能作为事实")
            if key not in schema and key not in parameters:
                raise _unusable(rule, f"事实文件没有列 {key}")


def _unusable(rule: Rule, what: str) -> BadFacts:
    error = BadFacts(what)
    error.place = f"{rule.policy.path} 政策 {rule.id}"
    return error


def _report(outcome: Outcome, library: Library, seconds: float, as_json: bool) -> None:
    lines = [
        {
            "id": rule.id,
            "yes": int(yes),
            "unknown": int(unknown),
            "no": outcome.size - int(yes) - int(unknown),
        }
        for rule, yes, unknown in zip(
            outcome.rules, outcome.yes_counts, outcome.unknown_counts, strict=True
        )
    ]
    if as_json:
        emit({"subjects": outcome.size, "policies": lines, "seconds": round(seconds, 3)})
        return
    titles = {policy.id: policy.title for policy in library.policies}
    for line in lines:
        click.echo(
            f"{line['id']} {titles[str(line['id'])]}：符合 {line['yes']}，未知 {line['unknown']}，"
            f"不符合 {line['no']}"
        )
    click.echo(f"{outcome.size} 个主体，{len(lines)} 项政策，{seconds:.2f} 秒")
