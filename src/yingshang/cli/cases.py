"""``yingshang cases``: stored projections are held against what replay gives."""

from dataclasses import asdict

import click

from yingshang.cli.framework import start
from yingshang.cli.output import answer_no, emit, json_option, plain_errors


@click.group()
def cases() -> None:
    """Check and rebuild what is stored about cases (办件)."""


@cases.command()
@json_option
@plain_errors
def check(as_json: bool) -> None:
    """Replay every case; exit 1 when anything stored differs from what its events give."""
    start()
    from yingshang.cases.rebuilding import list_drifts

    drifts = list(list_drifts())
    if as_json:
        emit({"ok": not drifts, "drifts": [asdict(drift) for drift in drifts]})
    else:
        for drift in drifts:
            names = "、".join(name for name, _stored, _replayed in drift.differences)
            click.echo(f"{drift.ref}：{drift.broken or names}")
        click.echo(f"{len(drifts)} 个办件与事件不一致" if drifts else "全部一致")
    if drifts:
        answer_no()


@cases.command()
@click.option("--provisional", is_flag=True, help="only deadlines that a new notice may move")
@json_option
@plain_errors
def rebuild(provisional: bool, as_json: bool) -> None:
    """Write what differs anew from the events; cases that cannot be replayed are left and named."""
    start()
    from yingshang.cases import rebuilding
    from yingshang.cases.permissions import REBUILD
    from yingshang.parties.actors import system_actor

    wanted = rebuilding.list_provisional() if provisional else None
    drifts = list(rebuilding.list_drifts(wanted))
    refs = [drift.ref for drift in drifts if not drift.broken]
    actor = system_actor("command", REBUILD)
    size = rebuilding.CHUNK
    changed = sum(
        rebuilding.rebuild(actor, cases=refs[place : place + size])
        for place in range(0, len(refs), size)
    )
    broken = [{"ref": drift.ref, "why": drift.broken} for drift in drifts if drift.broken]
    if as_json:
        emit({"ok": not broken, "changed": changed, "broken": broken})
    else:
        click.echo(f"重算 {changed} 个办件" + (f"，{len(broken)} 个无法重放" if broken else ""))
    if broken:
        answer_no()
