"""``yingshang checkup``: every policy for one subject, with what is missing and what fails."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

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
from yingshang.rules.compiling import compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.explaining import explain, say
from yingshang.rules.flips import Flip, find_flip
from yingshang.rules.policies import read_library
from yingshang.rules.profiles import Profile, read_facts_file, read_profile
from yingshang.rules.subjects import Checkup, Verdict
from yingshang.rules.types import ANY, DOUBLE, INT
from yingshang.rules.values import is_whole, to_plain

_SAID = {"yes": "符合", "no": "不符合", "unknown": "尚不能确定"}


@click.command()
@click.option(
    "--facts", required=True, type=file_path, metavar="FILE", help="a JSON object of fact keys"
)
@click.option(
    "--policies", required=True, type=file_path, metavar="DIR", help="YAML files of policies"
)
@click.option("--explain", "explained", is_flag=True, help="show every condition of every policy")
@click.option(
    "--flip", "flipped", is_flag=True, help="name the smallest change that makes a policy hold"
)
@catalogue_option
@as_of_option
@json_option
@plain_errors
def checkup(
    facts: Path,
    policies: Path,
    explained: bool,
    flipped: bool,
    catalogue: Path | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Check every policy in DIR for the subject whose facts stand in FILE."""
    library = read_library(policies)
    catalogue_ = catalogue_for(library, catalogue)
    profile = _settled(read_profile(read_facts_file(facts), catalogue_.facts), catalogue_)
    declarations = Declarations(
        {**_lacking(catalogue_), **profile.declared},
        as_of=day_of(as_of),
        parameters=catalogue_.parameters,
        open_namespaces=not catalogue_.is_closed,
        open_roots=frozenset() if catalogue_.is_closed else profile.roots,
    )
    rules = compile_rules(library.policies, declarations)
    used = {name.partition("@")[0] for r in rules for name in r.facts | r.result_columns}
    tell_differences(catalogue_, declarations.facts, used & set(profile.values))
    row = profile.row()
    verdicts = Checkup(rules).verdicts(row)
    flips = {
        verdict.rule.id: find_flip(verdict.rule, row, declarations)
        for verdict in verdicts
        if flipped and verdict.result != "yes"
    }
    if as_json:
        emit([_entry(verdict, row, explained, flips) for verdict in verdicts])
        return
    for verdict in verdicts:
        click.echo(_sentence(verdict))
        if explained:
            click.echo(say(explain(verdict.rule, row), declarations.facts))
        if verdict.rule.id in flips:
            click.echo(f"  {_proposal(flips[verdict.rule.id])}")


def _lacking(catalogue: Catalogue) -> dict[str, Declared]:
    """Return what is known of facts that a profile lacks: anything but the type of their values."""
    return {key: replace(one, type=ANY) for key, one in catalogue.known.items()}


def _settled(profile: Profile, catalogue: Catalogue) -> Profile:
    """Return the profile with what the platform knows of its facts, and 3.0 as 3 where it counts."""
    given = {key: one for key, one in profile.declared.items() if key not in catalogue.facts}
    declared, values = catalogue.settle(given), dict(profile.values)
    for key, one in declared.items():
        is_split = one.loose and one.type == DOUBLE and catalogue.known[key].type == INT
        if is_split and values[key] is not None and is_whole(values[key]):
            declared[key], values[key] = replace(one, type=INT), int(values[key])
    return replace(profile, declared={**profile.declared, **declared}, values=values)


def _entry(
    verdict: Verdict, row: dict[str, Any], explained: bool, flips: dict[str, Flip]
) -> dict[str, Any]:
    entry = verdict.as_json()
    if explained:
        entry["condition"] = explain(verdict.rule, row).as_json()
    if verdict.rule.id in flips:
        entry["flip"] = flips[verdict.rule.id].as_json()
    return entry


def _proposal(flip: Flip) -> str:
    parts = []
    if flip.facts is not None:
        changes = "、".join(f"{key} 为 {to_plain(value)}" for key, value in flip.facts.items())
        parts.append(f"若 {changes}，即符合")
    if flip.day is not None:
        parts.append(f"其他不变，{flip.day} 起符合")
    if parts:
        return "；".join(parts)
    return f"改动 {flip.facts_tried} 项以内的事实、等待 {flip.days_tried} 天以内都未找到"


def _sentence(verdict: Verdict) -> str:
    lines = [f"{verdict.rule.id} {verdict.rule.policy.title}：{_SAID[verdict.result]}"]
    if verdict.missing:
        lines.append(f"  缺少：{'、'.join(verdict.missing)}")
    for failed in verdict.failed:
        gap = "" if failed.gap is None else f"（相差 {failed.gap}）"
        lines.append(f"  不满足：{failed.text}{gap}")
    lines += [f"  无法计算：{error}" for error in verdict.errors]
    return "\n".join(lines)
