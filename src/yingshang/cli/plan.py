"""``yingshang plan``: reading plan documents from the command line."""

from pathlib import Path

import click

from yingshang.cli.output import bad_input, emit, json_option, plain_errors
from yingshang.domains.plans.parsing import ParsedPlan, parse_bytes, to_json


@click.group()
def plan() -> None:
    """行动方案：读取、导入 / plan documents."""


@plan.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@plain_errors
def parse(file: Path, as_json: bool) -> None:
    """读取方案文件并显示措施 / read a plan document (txt, html, docx, xlsx, pdf)."""
    parsed = parse_bytes(_read(file), file.name)
    if as_json:
        emit(to_json(parsed))
    else:
        _show(parsed)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        bad_input(f"无法读取“{file}”：{error.strerror} / cannot read {file}: {error.strerror}")


def _show(parsed: ParsedPlan) -> None:
    click.echo(parsed.title or "（文件没有标题）")
    issued = parsed.issued_on.isoformat() if parsed.issued_on else "—"
    click.echo(f"{parsed.issuer or '—'}  {parsed.document_number or '—'}  {issued}")
    for measure in parsed.measures:
        head = measure.title or measure.reform_item or ""
        units = "、".join(unit.name for unit in measure.units)
        doubt = f"  ?{','.join(measure.unsure)}" if measure.unsure else ""
        click.echo(
            f"{measure.number:>4}  {head or measure.text[:30]}  [{units}]  {measure.due_text or ''}{doubt}"
        )
    click.echo(
        f"共{len(parsed.measures)}条措施，{len(parsed.noise)}处修补或说明；全部内容用 --json 查看。"
    )
