"""``yingshang code``: check a number by the check characters that it carries."""

import click

from yingshang.cli.output import answer_no, emit, json_option
from yingshang.kernel.identifiers import CodeKind, check_code

NAMES = {
    CodeKind.SOCIAL_CREDIT: "统一社会信用代码",
    CodeKind.ORGANIZATION: "组织机构代码",
    CodeKind.RESIDENT: "公民身份号码",
    CodeKind.PERMANENT_RESIDENT: "外国人永久居留身份证号码",
    CodeKind.LICENCE: "电子证照标识",
    CodeKind.UNKNOWN: "无法识别的号码",
}


@click.group()
def code() -> None:
    """Check numbers of organisations, people and licences."""


@code.command(context_settings={"ignore_unknown_options": True})
@click.argument("number", metavar="CODE")
@json_option
def check(number: str, as_json: bool) -> None:
    """Say what sort of number CODE is and whether it is well-formed; exit code 1 if it is not."""
    found = check_code(number)
    if as_json:
        emit({"kind": found.kind.value, "valid": found.valid, "why": found.why})
    else:
        click.echo(f"{NAMES[found.kind]}：{'有效' if found.valid else found.why}")
    if not found.valid:
        answer_no()
