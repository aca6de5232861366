"""``yingshang rules``: evaluate an expression and check files of policies."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from yingshang.cli.catalogue import (
    Catalogue,
    catalogue_for,
    catalogue_option,
    declarations_of,
    file_path,
)
from yingshang.cli.output import (
    answer_no,
    as_json_text,
    bad_input,
    emit,
    json_option,
    plain_errors,
)
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.rules.analysis import analyse
from yingshang.rules.checking import check as check_text
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.errors import RuleFault
from yingshang.rules.evaluating import evaluate
from yingshang.rules.policies import Library, Policy, read_library
from yingshang.rules.profiles import read_facts_file, read_json, read_profile
from yingshang.rules.values import Failure, Unknown, to_plain

as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="the day as of which rules are read; today if absent",
)


def day_of(moment: datetime | None) -> date:
    """Return the day asked for, else today."""
    return today() if moment is None else moment.date()


@click.group()
def rules() -> None:
    """Evaluate and check rules (规则)."""


@rules.command("eval")
@click.argument("expression", required=False, metavar="[EXPR]")
@click.option("--facts", type=file_path, metavar="FILE", help="a JSON object of fact keys")
@click.option("--batch", type=file_path, metavar="FILE", help='JSON lines {"id", "expr", "facts"}')
@catalogue_option
@as_of_option
@json_option
@plain_errors
def eval_(
    expression: str | None,
    facts: Path | None,
    batch: Path | None,
    catalogue: Path | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Evaluate EXPR over facts, or a batch of expressions; exit 1 if EXPR fails while it runs."""
    declared, day = declarations_of(catalogue), day_of(as_of)
    if (expression is None) == (batch is None):
        bad_input("请写一个表达式，或用 --batch 指定文件")
    if batch is not None:
        _batch(batch, declared, day, as_json)
        return
    assert expression is not None
    given = {} if facts is None else read_facts_file(facts)
    answer = _answer(expression, given, declared, day)
    if as_json:
        emit(answer)
    else:
        click.echo(_sentence(answer))
    if "error" in answer:
        answer_no()


@rules.command()
@click.argument("path", type=file_path, metavar="FILE")
@catalogue_option
@as_of_option
@json_option
@plain_errors
def check(path: Path, catalogue: Path | None, as_of: datetime | None, as_json: bool) -> None:
    """Check the policies in FILE (or a folder): text, types, and what can be said beforehand."""
    library, day = read_library(path), day_of(as_of)
    catalogue_ = catalogue_for(library, catalogue)
    compiled: list[Rule] = []
    faults: list[dict[str, Any]] = []
    for policy in library.policies:
        rules, found_here = _compiled(policy, catalogue_, day)
        compiled += rules
        faults += found_here
    labels = {**catalogue_.known, **catalogue_.facts}
    found = analyse(tuple(compiled), day, labels, asked=catalogue_.asked)
    findings = faults + [asdict(finding) for finding in found]
    if as_json:
        emit({"ok": all(f["severity"] == "note" for f in findings), "findings": findings})
    else:
        for finding in findings:
            who = "、".join(finding["policies"])
            click.echo(f"{who}{'：' if who else ''}{finding['message']}")
        click.echo(f"{len(findings)} 处问题" if findings else "没有问题")
    if any(finding["severity"] != "note" for finding in findings):
        answer_no()


def _compiled(
    policy: Policy, catalogue: Catalogue, day: date
) -> tuple[tuple[Rule, ...], list[dict[str, Any]]]:
    """Compile a policy and return it with what is to be said; what is only known does not bind."""
    known = {key: replace(one, loose=True) for key, one in catalogue.known.items()}
    try:
        return compile_rules([policy], _open(catalogue, known, day)), []
    except RuleFault as fault:
        first = fault
    try:
        rules = compile_rules([policy], _open(catalogue, {}, day))
    except RuleFault:
        return (), [{"severity": "error", "policies": [policy.id], **first.as_json()}]
    note = {"code": "catalogue_type", "severity": "note", "policies": [policy.id]}
    return rules, [{**note, "message": f"与平台目录中的类型不符：{first}"}]


def _open(catalogue: Catalogue, known: Mapping[str, Declared], day: date) -> Declarations:
    return Declarations(
        {**known, **catalogue.facts},
        day,
        catalogue.parameters,
        open_roots=frozenset() if catalogue.is_closed else frozenset({"*"}),
    )


def _answer(expr: str, facts: dict[str, Any], declared: Library, day: date) -> dict[str, Any]:
    profile = read_profile(facts, declared.facts or None)
    known = Declarations(profile.declared, as_of=day, parameters=declared.parameters)
    typed = check_text(expr, known)
    value = evaluate(typed, profile.row())
    if isinstance(value, Unknown):
        return {"unknown": sorted(value.missing)}
    if isinstance(value, Failure):
        return {"error": value.why}
    return {"value": to_plain(value), "type": typed.type.name}


def _sentence(answer: dict[str, Any]) -> str:
    if "unknown" in answer:
        return f"未知，缺少：{'、'.join(answer['unknown'])}"
    if "error" in answer:
        return f"出错：{answer['error']}"
    return json.dumps(answer["value"], ensure_ascii=False)


def _batch(path: Path, declared: Library, day: date, as_json: bool) -> None:
    answers = []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            answers.append(_batch_line(path, number, line, declared, day))
    if as_json:
        emit(answers)
        return
    for answer in answers:
        click.echo(as_json_text(answer))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        bad_input(f"无法读取文件 {path}：{error.strerror}")
    except UnicodeDecodeError:
        bad_input(f"文件 {path} 不是 UTF-8 文本")


def _batch_line(path: Path, number: int, line: str, declared: Library, day: date) -> dict[str, Any]:
    try:
        entry = read_json(line)
    except (ValueError, RecursionError) as error:
        bad_input(f"{path} 第 {number} 行不是有效的 JSON：{error}")
    if not isinstance(entry, dict) or not isinstance(entry.get("expr"), str):
        bad_input(f'{path} 第 {number} 行应是 {{"id", "expr", "facts"}}')
    facts = entry.get("facts")
    facts = {} if facts is None else facts
    if not isinstance(facts, dict):
        bad_input(f"{path} 第 {number} 行的 facts 应是 JSON 对象")
    try:
        return {"id": entry.get("id"), **_answer(entry["expr"], facts, declared, day)}
    except RuleFault as fault:
        return {"id": entry.get("id"), "error": str(fault), "refused": fault.as_json()}
    except DomainError as error:
        return {"id": entry.get("id"), "error": str(error)}
