"""``yingshang facts``: make up districts, load files, write snapshots."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yingshang.cli.output import answer_no, emit, json_option, plain_errors
from yingshang.kernel.times import today

if TYPE_CHECKING:
    from yingshang.facts.staging import Progress

_file = click.Path(path_type=Path)
_day = click.DateTime(["%Y-%m-%d"])
PACK = "enterprise-facts"


@click.group()
def facts() -> None:
    """数据：生成、导入、快照 / facts of subjects."""


@facts.command()
@click.option("--enterprises", "size", type=click.IntRange(1, 5_000_000), default=20_000)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--out", type=_file, metavar="FILE", help="Parquet: subject and a column per fact")
@click.option("--files", type=_file, metavar="DIR", help="files to be loaded, one per source")
@click.option("--division", default="339705", show_default=True, help="a code that nobody has")
@click.option("--as-of", type=_day, metavar="DATE", help="the day of the district; today if absent")
@json_option
@plain_errors
def generate(
    size: int,
    seed: int,
    out: Path | None,
    files: Path | None,
    division: str,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """生成虚构企业 / make up enterprises with plausible facts, the same for the same seed."""
    if out is None and files is None:
        raise click.UsageError("请用 --out 或 --files 指明写到哪里")
    from yingshang.cli.framework import start

    start()
    from yingshang.facts.catalogue import read_catalogue_of
    from yingshang.facts.generating import generate as make_up
    from yingshang.facts.generating.writing import write_facts, write_files

    begun = time.perf_counter()
    catalogue = read_catalogue_of(PACK)
    grid = make_up(size, seed=seed, as_of=_or_today(as_of), division=division)
    written = write_files(grid, catalogue, files) if files else []
    if out:
        written.append(write_facts(grid, catalogue, out))
    seconds = time.perf_counter() - begun
    if as_json:
        emit({"enterprises": size, "files": written, "seconds": round(seconds, 3)})
        return
    for file in written:
        click.echo(f"{file['file']}：{file['rows']} 行，{file['columns']} 列")
    click.echo(f"{size} 家虚构企业，{seconds:.1f} 秒")


def _or_today(day: datetime | None) -> date:
    return today() if day is None else day.date()


@facts.command()
@click.argument("path", type=_file, metavar="FILE")
@click.option("--source", default="", metavar="KEY", help="who says it; by its columns if absent")
@click.option("--grade", default="", help="how sure it is; authoritative if absent")
@click.option("--valid-from", type=_day, metavar="DATE", help="since when it is true")
@click.option("--complete-to", type=_day, metavar="DATE", help="the source has told all up to then")
@click.option("--register", is_flag=True, help="enter enterprises that are not on record yet")
@click.option("--as", "username", default="", help="act as this account / 以此账号办理")
@json_option
@plain_errors
def load(
    path: Path,
    source: str,
    grade: str,
    valid_from: datetime | None,
    complete_to: datetime | None,
    register: bool,
    username: str,
    as_json: bool,
) -> None:
    """导入数据 / load a CSV, xlsx or Parquet file, or a folder of them; exit 1 if a cell was not taken."""
    from yingshang.cli.framework import start

    start()
    from yingshang.cli.facts_loading import Wanted, load_path

    wanted = Wanted(
        source,
        grade,
        valid_from.date() if valid_from else None,
        complete_to.date() if complete_to else None,
        register,
    )
    reports = []
    with _bar(show=not as_json) as progress:
        for report in load_path(path, wanted, username=username, progress=progress):
            reports.append(report)
            if not as_json:
                _say(report)
    if as_json:
        emit(reports if path.is_dir() else reports[0])
    if any(report["refused"] for report in reports):
        answer_no()


def _say(report: dict[str, Any]) -> None:
    for cell in report["cells"][:50]:
        told = f"“{cell['value']}”" if cell["value"] else ""
        advice = f"；{cell['advice']}" if cell["advice"] else ""
        click.echo(f"第 {cell['row']} 行 {cell['column']} {told}：{cell['what']}{advice}")
    if report["problems"] > 50:
        click.echo(f"…… 共 {report['problems']} 处问题，全部用 --json 查看")
    click.echo(
        f"{report['file']}：{report['rows']} 行，{report['values']} 个值：新增 {report['new']}，变更 {report['changed']}，"
        f"未变 {report['unchanged']}，未收 {report['refused']}，{report['seconds']} 秒"
    )


@contextmanager
def _bar(*, show: bool) -> "Iterator[Progress]":
    """Show progress on the terminal's error channel; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed}"),
        TimeElapsedColumn(),
    )
    shown = Progress(*columns, console=console, disable=not (show and console.is_terminal))
    with shown:
        tasks: dict[str, Any] = {}

        def told(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = shown.add_task(_PHASES.get(phase, phase), total=total or None)
            shown.update(tasks[phase], completed=done, total=max(total, done) or None)

        yield told


_PHASES = {"read": "读取和检查", "write": "写入"}


@facts.command()
@click.option("--out", type=_file, metavar="FILE", help="Parquet; in the data folder if absent")
@click.option("--as-of", type=_day, metavar="DATE", help="the day of the facts; today if absent")
@click.option("--subject", "namespace", default="enterprise", show_default=True)
@click.option("--purpose", default="policy", show_default=True, help="a registered purpose")
@click.option(
    "--ground", default="在服务器上写出全量快照", help="on which ground; everyone sees it"
)
@json_option
@plain_errors
def snapshot(
    out: Path | None,
    as_of: datetime | None,
    namespace: str,
    purpose: str,
    ground: str,
    as_json: bool,
) -> None:
    """写出数据快照 / write what is known of every subject as columns, for matching."""
    from yingshang.cli.framework import start

    start()
    from yingshang.cli.facts_loading import write_one_snapshot

    with _bar(show=not as_json) as progress:
        report = write_one_snapshot(
            out,
            as_of=_or_today(as_of),
            namespace=namespace,
            purpose=purpose,
            ground=ground,
            progress=progress,
        )
    if as_json:
        emit(report)
    else:
        click.echo(
            f"{report['subjects']} 个主体，{report['columns']} 列，截至 {report['as_of']}，{report['seconds']} 秒"
        )
