"""``yingshang workdays``: count working days as the State Council's notices make them."""

import re
from datetime import date
from pathlib import Path

import click

from yingshang.cli.output import bad_input, emit, json_option, plain_errors
from yingshang.kernel.workdays import Calendar, calendar, read_notice


@click.group()
def workdays() -> None:
    """Count working days, holidays moved by the State Council's notices included."""


@workdays.command(context_settings={"ignore_unknown_options": True})
@click.argument("day", metavar="DATE")
@click.argument("count", metavar="N")
@click.option(
    "--notice",
    "notices",
    type=click.Path(path_type=Path),
    multiple=True,
    help="a further notice file, such as next year's",
)
@json_option
@plain_errors
def add(day: str, count: str, notices: tuple[Path, ...], as_json: bool) -> None:
    """Print the N-th working day after DATE (YYYY-MM-DD); DATE itself is not counted.

    N may be negative. PROVISIONAL means that a notice still to come may move the day.
    """
    start, n = _date(day), _number(count)
    found = _calendar(notices).add_workdays(start, n)
    if as_json:
        emit({"date": found.date.isoformat(), "provisional": found.provisional})
    else:
        note = "（暂定：当年放假安排尚未公布）" if found.provisional else ""
        click.echo(f"{found.date.isoformat()}{note}")


def _date(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        bad_input(f"“{text}” 不是日期，请写成 YYYY-MM-DD，例如 2026-02-13")


def _number(text: str) -> int:
    try:
        if not re.fullmatch(r"[+-]?[0-9]{1,20}", text):
            raise ValueError
        return int(text)
    except ValueError:
        bad_input(f"“{text}” 不是整数，请写工作日的天数，例如 5 或 -3")


def _calendar(paths: tuple[Path, ...]) -> Calendar:
    current = calendar()
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            bad_input(f"无法读取文件 {path}")
        current = current.with_notice(read_notice(str(path), text))
    return current
