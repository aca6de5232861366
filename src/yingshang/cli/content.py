"""``yingshang content`` and ``yingshang rehearse``: packs are checked, loaded and rehearsed."""

from dataclasses import asdict

import click

from yingshang.cli.framework import start, throw_away_database
from yingshang.cli.output import answer_no, emit, json_option, plain_errors


@click.group()
def content() -> None:
    """Check and load packs of content (内容包)."""


@content.command()
@click.argument("packs", nargs=-1)
@json_option
@plain_errors
def lint(packs: tuple[str, ...], as_json: bool) -> None:
    """Say what is wrong in PACKS (all when none is named); exit 1 when anything is."""
    start()
    from yingshang.content.linting import lint_packs

    findings = lint_packs(packs)
    if as_json:
        emit({"ok": not findings, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(findings)} 处问题" if findings else "没有问题")
    if findings:
        answer_no()


@content.command()
@click.argument("packs", nargs=-1, required=True)
@json_option
@plain_errors
def load(packs: tuple[str, ...], as_json: bool) -> None:
    """Store PACKS and what they require; loading the same again changes nothing."""
    start()
    from yingshang.content.actions import load_packs
    from yingshang.content.permissions import LOAD
    from yingshang.parties.actors import system_actor

    changes = load_packs(system_actor("command", LOAD), names=packs)
    if as_json:
        emit({"ok": True, "changes": [asdict(change) for change in changes]})
        return
    for change in changes:
        number = f"第 {change.number} 版" if change.number else "停用"
        click.echo(f"{change.kind} {change.key} {number}")
    click.echo(f"{len(changes)} 处变化")


@click.command()
@click.argument("packs", nargs=-1)
@json_option
@plain_errors
def rehearse(packs: tuple[str, ...], as_json: bool) -> None:
    """Run the rehearsals of PACKS (all when none is named) in a throw-away database."""
    with throw_away_database():
        from yingshang.content import rehearsing

        outcomes = [
            rehearsing.rehearse(pack, one) for pack, one in rehearsing.list_rehearsals(packs)
        ]
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if as_json:
        emit({"ok": not failed, "rehearsals": [asdict(outcome) for outcome in outcomes]})
    else:
        for outcome in failed:
            click.echo(f"{outcome.pack}/{outcome.key} 第 {outcome.failed_step} 步：{outcome.why}")
        click.echo(f"{len(outcomes)} 场排演，{len(failed)} 场没有通过")
    if failed:
        answer_no()
