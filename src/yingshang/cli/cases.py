"""``yingshang cases``: stored projections are held against what replay gives."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from yingshang.cli.framework import start
from yingshang.cli.output import answer_no, emit, json_option, plain_errors

if TYPE_CHECKING:
    from yingshang.cases.migrating import Planned


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


@cases.command()
@click.argument("procedure")
@click.option("--to", type=int, required=True, help="the number of the version to migrate to")
@click.option("--map", "mapped", multiple=True, metavar="OLD=NEW", help="a state and its new name")
@click.option("--preview", "only_show", is_flag=True, help="only say what would change")
@click.option(
    "--revert", is_flag=True, help="put back what was migrated, where nothing happened since"
)
@json_option
@plain_errors
def migrate(
    procedure: str, to: int, mapped: tuple[str, ...], only_show: bool, revert: bool, as_json: bool
) -> None:
    """Put running cases under another version of their procedure; exit 1 where some cannot be."""
    start()
    if revert:
        _revert(procedure, to, only_show, as_json)
        return
    from yingshang.cases import migrating

    states = _mapping(mapped)
    planned = list(migrating.preview(procedure, to=to, states=states))
    blocked = [one for one in planned if one.blocked]
    moved = 0 if only_show or blocked else _migrate(procedure, to, states, planned)
    if as_json:
        emit({"ok": not blocked, "migrated": moved, "cases": [asdict(one) for one in planned]})
    else:
        _show_plan(planned)
        done = (
            f"已迁移 {moved} 个办件到第 {to} 版" if moved else f"没有迁移：共 {len(planned)} 个办件"
        )
        click.echo(done + (f"，其中 {len(blocked)} 个不能迁移" if blocked else ""))
    if blocked:
        answer_no()


def _mapping(pairs: Iterable[str]) -> dict[str, str]:
    split = [pair.partition("=") for pair in pairs]
    for old, sign, new in split:
        if not (old and sign and new):
            raise click.BadParameter("写成 旧状态=新状态", param_hint="--map")
    return {old: new for old, _sign, new in split}


def _migrate(procedure: str, to: int, states: dict[str, str], planned: "list[Planned]") -> int:
    from yingshang.cases import migrating
    from yingshang.cases.permissions import MIGRATE
    from yingshang.parties.actors import system_actor

    actor, refs = system_actor("command", MIGRATE), [one.ref for one in planned]
    size = migrating.CHUNK
    return sum(
        migrating.migrate(
            actor, procedure=procedure, to=to, states=states, cases=refs[place : place + size]
        )
        for place in range(0, len(refs), size)
    )


def _show_plan(planned: "list[Planned]") -> None:
    for one in planned:
        state = (
            one.from_state if one.from_state == one.to_state else f"{one.from_state}→{one.to_state}"
        )
        limits = "，".join(f"{key} {a or '—'}→{b or '—'}" for key, (a, b) in one.limits.items())
        click.echo(
            f"{one.ref} {one.title}：{one.blocked or '；'.join(filter(None, [state, limits]))}"
        )


def _revert(procedure: str, to: int, only_show: bool, as_json: bool) -> None:
    from yingshang.cases import migrating
    from yingshang.cases.log import history_of
    from yingshang.cases.permissions import MIGRATE
    from yingshang.parties.actors import system_actor

    migrating.find_version(procedure, to)
    found = {
        case.ref: migrating.why_not_undone(history_of(case).events[-1])
        for case in migrating.list_migrated(procedure, to)
    }
    refs, refused = (
        [ref for ref, why in found.items() if not why],
        {r: w for r, w in found.items() if w},
    )
    actor, size = system_actor("command", MIGRATE), migrating.CHUNK
    back = (
        0
        if only_show
        else sum(
            migrating.undo_migration(actor, cases=refs[place : place + size])
            for place in range(0, len(refs), size)
        )
    )
    if as_json:
        emit({"ok": not refused, "reverted": back, "possible": refs, "refused": refused})
    else:
        for ref, why in refused.items():
            click.echo(f"{ref}：{why}")
        click.echo(f"已撤回 {back} 个办件的迁移，可撤回 {len(refs)} 个，不能撤回 {len(refused)} 个")
    if refused:
        answer_no()
