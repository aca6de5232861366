"""``yingshang ledger``: verify the log, hand out receipts, heads and the public key."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from yingshang.cli.output import answer_no, emit, json_option, plain_errors

P = ParamSpec("P")
R = TypeVar("R")


def with_database(command: Callable[P, R]) -> Callable[P, R]:
    """Set the framework up before the command runs."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
        import django
        from django.apps import apps

        if not apps.ready:
            django.setup()
        return command(*args, **kwargs)

    return run


@click.group()
def ledger() -> None:
    """The transparency log: what happened, provably."""


@ledger.command()
@json_option
@with_database
@plain_errors
def verify(as_json: bool) -> None:
    """Verify every event against the signed heads; exit code 1 if anything does not fit."""
    from yingshang.ledger.verifying import verify_ledger

    report = verify_ledger(None if as_json else _progress)
    if as_json:
        emit(report.as_json())
    else:
        _say(report.as_json())
    if not report.ok:
        answer_no()


def _progress(count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r已核对 {count} 条", nl=False, err=True)


def _say(report: dict[str, object]) -> None:
    head = report["head"]
    when = f"，最后树头签于 {head['at']}" if isinstance(head, dict) else ""
    waiting = f"，待入账 {report['unsequenced']} 条" if report["unsequenced"] else ""
    verdict = "存证账本完好" if report["ok"] else f"发现 {report['findings_total']} 处问题"
    click.echo(f"{verdict}：{report['size']} 条{waiting}，树头 {report['heads']} 个{when}")
    findings = report["findings"]
    for finding in findings if isinstance(findings, list) else []:
        place = [f"位置 {finding['position']}"] if finding["position"] is not None else []
        place += [f"记录 {finding['entry']}"] if finding["entry"] else []
        place += ["树头 {} 与 {} 之间".format(*finding["between"])] if finding["between"] else []
        click.echo(f"- {finding['code']} {'，'.join(place)}：{finding['why']}")


@ledger.command()
@json_option
@with_database
@plain_errors
def sequence(as_json: bool) -> None:
    """Give every waiting event its position, sign the head and publish it."""
    from yingshang.ledger.sequencing import sequence_now

    count = sequence_now()
    if as_json:
        emit({"sequenced": count})
    else:
        click.echo(f"入账 {count} 条")


@ledger.command()
@click.argument("ref")
@click.option("--payload", is_flag=True, help="with the content and its salt")
@with_database
@plain_errors
def receipt(ref: str, payload: bool) -> None:
    """Print the receipt of the event REF as JSON."""
    from yingshang.ledger.receipts import receipt_for

    emit(receipt_for(ref, with_payload=payload))


@ledger.command()
@click.argument("old", type=click.IntRange(0))
@click.argument("new", type=click.IntRange(0))
@with_database
@plain_errors
def consistency(old: int, new: int) -> None:
    """Print the proof that the head at size NEW only appended to the head at size OLD."""
    from yingshang.ledger.receipts import consistency_between

    emit(consistency_between(old, new))


@ledger.command()
@with_database
@plain_errors
def key() -> None:
    """Print the log's public key."""
    from yingshang.ledger.receipts import public_key

    click.echo(str(public_key()))


@ledger.command()
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="a file instead of the screen"
)
@with_database
@plain_errors
def heads(target: Path | None) -> None:
    """Print every head kept outside the database, one JSON object a line."""
    from yingshang.ledger.heads import heads_file

    path = heads_file()
    text = path.read_text("utf-8") if path.exists() else ""
    if target is None:
        click.echo(text, nl=False)
    else:
        target.write_text(text, "utf-8")
