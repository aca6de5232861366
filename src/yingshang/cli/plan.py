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


@plan.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--confirm", is_flag=True, help="store the draft at once / 直接确认入库")
@click.option("--as", "username", default="", help="act as this account / 以此账号办理")
@click.option("--document", default="", help="ref of the plan of which this is a new version")
@click.option("--division", default="", help="GB/T 2260 code; another district's is reference only")
@click.option("--reference", is_flag=True, help="keep for comparison only / 仅供参考")
@click.option("--title", default="", help="title, where the document gives none")
@json_option
@plain_errors
def import_(
    file: Path,
    confirm: bool,
    username: str,
    document: str,
    division: str,
    reference: bool,
    title: str,
    as_json: bool,
) -> None:
    """导入方案：生成草稿，--confirm 直接入库 / import a plan as a draft; --confirm stores it."""
    from yingshang.cli.framework import start

    content = _read(file)
    start()
    from yingshang.cli.planning import import_file
    from yingshang.ledger.sequencing import sequence_now

    result = import_file(
        file.name,
        content,
        username=username,
        confirm=confirm,
        document=document,
        division=division,
        kind="reference" if reference else "own",
        title=title,
    )
    sequence_now()
    if as_json:
        emit(result)
    else:
        click.echo(SENTENCES[result["status"]] % result)


SENTENCES = {
    "draft": "已生成草稿 %(draft)s，共%(measures)s条措施；请在工作台“方案导入”中核对，或加 --confirm 入库。",
    "confirmed": "已入库：方案 %(document)s 第%(version)s版，共%(measures)s条措施。",
    "unchanged": "内容没有变化，无需导入（方案 %(document)s）。",
}
