"""``yingshang policy``: reading the wording of a policy from the command line."""

from pathlib import Path
from typing import Any

import click

from yingshang.cli.output import as_json_text, bad_input, emit, json_option, plain_errors
from yingshang.domains.policies.extracting import extract as propose
from yingshang.domains.policies.extracting import read_policy, shipped_lexicon, to_json
from yingshang.domains.policies.extracting.reading import MOST_BYTES


@click.group()
def policy() -> None:
    """惠企政策：从文字中提取条件 / what a policy's wording says."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@plain_errors
def extract(file: Path, as_json: bool) -> None:
    """从政策文本提取条件、金额、申报时间和材料 / propose conditions, amounts, window and materials."""
    proposal = to_json(propose(read_policy(_read(file)), shipped_lexicon()))
    if as_json:
        emit(proposal)
    else:
        _show(proposal)


def _read(file: Path) -> bytes:
    """Return the file's bytes, one more than may be read at most."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        bad_input(f"无法读取“{file}”：{error.strerror} / cannot read {file}: {error.strerror}")


def _show(proposal: dict[str, Any]) -> None:
    for number, one in enumerate(proposal["conditions"]):
        value = "" if one["value"] is None else f" {as_json_text(one['value'])}"
        unit = f" {one['unit']}" if one["unit"] else ""
        click.echo(
            f"{number:>3}  {one['fact'] or '（无对应数据项）'} {one['op']}{value}{unit}  “{one['clause']}”"
        )
    click.echo(f"资格：{as_json_text(proposal['logic'])}")
    for amount in proposal["amounts"]:
        click.echo(
            f"金额：{amount['form']} {amount['value']} {amount['unit']}  “{amount['clause']}”"
        )
    if proposal["window"]:
        click.echo(f"申报时间：“{proposal['window']['clause']}”")
    if proposal["materials"]:
        click.echo(f"材料：{'；'.join(proposal['materials'])}")
    click.echo("以上由程序按文字提出，须经人工确认；全部内容用 --json 查看。")
