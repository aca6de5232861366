"""``yingshang draw``: a draw by lot from public numbers, for anyone to run again."""

import json
from pathlib import Path
from typing import Any

import click

from yingshang.cli.output import answer_no, bad_input, emit, json_option, plain_errors
from yingshang.draws.records import check_record
from yingshang.kernel.sortition import METHODS, key_of, parse_sources
from yingshang.kernel.sortition import draw as draw_numbers

_file = click.Path(path_type=Path)


@click.command()
@click.option(
    "--sources",
    metavar="FILE",
    type=_file,
    help="the public numbers, one source a line, numbers separated by blanks",
)
@click.option("--pool", type=int, metavar="N", help="how many candidates there are")
@click.option("--pick", type=int, metavar="K", help="how many are drawn")
@click.option(
    "--method",
    type=click.Choice(METHODS.names()),
    default="sm3",
    show_default=True,
    help="how the numbers become picks",
)
@click.option("--record", metavar="FILE", type=_file, help="a published draw, to be made again")
@json_option
@plain_errors
def draw(
    sources: Path | None,
    pool: int | None,
    pick: int | None,
    method: str,
    record: Path | None,
    as_json: bool,
) -> None:
    """Draw K of the candidates 1 to N, in the order drawn, or check a published draw."""
    if record is not None:
        _check(_read_record(record), as_json)
    elif sources is None or pool is None or pick is None:
        bad_input("请同时给出 --sources、--pool 和 --pick，或用 --record 核对已公布的抽签")
    else:
        _draw(sources, pool, pick, method, as_json)


def _draw(sources: Path, pool: int, pick: int, method: str, as_json: bool) -> None:
    key = key_of(parse_sources(_read(sources)))
    picks = draw_numbers(key, pool, pick, method)
    if as_json:
        emit({"key": key, "picks": picks})
    else:
        click.echo(f"{key}\n{' '.join(map(str, picks))}")


def _check(record: dict[str, Any], as_json: bool) -> None:
    faults = check_record(record)
    if as_json:
        answer = {"key": record["key"], "picks": record["picks"], "faults": faults}
        emit({"ok": not faults, **answer})
    else:
        click.echo("\n".join(faults) or "重抽结果与公布的一致")
    if faults:
        answer_no()


def _read_record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(_read(path))
    except (ValueError, RecursionError):
        bad_input(f"文件 {path} 不是 JSON")
    if not isinstance(record, dict):
        bad_input(f"文件 {path} 不是抽签记录")
    return record


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError:
        bad_input(f"无法读取文件 {path}")
    except UnicodeDecodeError:
        bad_input(f"文件 {path} 不是 UTF-8 文本")
