"""``yingshang licence``: is this licence, document or file what it says it is."""

import json
from pathlib import Path
from typing import Any

import click

from yingshang.cli.framework import start
from yingshang.cli.output import answer_no, bad_input, emit, json_option, plain_errors
from yingshang.kernel.identifiers import LICENCE_ROOT, check_code


@click.group()
def licence() -> None:
    """Licences and official documents."""


@licence.command()
@click.argument("what", metavar="IDENTIFIER|FILE")
@json_option
@plain_errors
def verify(what: str, as_json: bool) -> None:
    """Check a licence by its identifier, a document by its code, or a file (PDF or signed record).

    Looks at the signature of every version, the order of events, the ledger, and for a PDF whether it is
    the file that was sealed. Exit 0: genuine and in force. Exit 1: not. Exit 2: cannot be read.
    """
    start()
    path = Path(what)
    answer = _verify_file(path) if path.is_file() else _verify_identifier(what)
    if as_json:
        emit(answer)
    else:
        _say(answer)
    if not answer["ok"]:
        answer_no()


def _verify_identifier(text: str) -> dict[str, Any]:
    from yingshang.licences.checking import check_document
    from yingshang.licences.verifying import find_document

    if "." in text:
        checked = check_code(text)
        if not (text.startswith(LICENCE_ROOT) and checked.valid):
            bad_input(f"{text}：{checked.why or '不是证照标识，也没有这个文件'}")
    elif not (text.isascii() and text.isalnum()):
        bad_input(f"“{text}”不是证照标识、文书编码，也不是文件")
    found = find_document(text if "." in text else text.lower())
    if found is None:
        return _answer(text, "", "unknown", ["本平台没有颁发过这个标识或编码"])
    faults = check_document(found.document).faults
    return _answer(text, found.number, found.state, faults)


def _verify_file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    reader = _pdf if content.startswith(b"%PDF-") else _record
    return reader(path, content)


def _pdf(path: Path, content: bytes) -> dict[str, Any]:
    """Find the document of which this is the sealed file, and check that too."""
    from hashlib import sha256

    from yingshang.licences.checking import identifier_of
    from yingshang.licences.models import Rendition
    from yingshang.licences.seal_checking import faults_of_seal

    faults = faults_of_seal(content)
    rendition = Rendition.objects.filter(sha256=sha256(content).hexdigest()).first()
    if rendition is None:
        told = "本平台没有用印过这份文件，或文件被改动过"
        return {**_answer("", "", "unknown", [*faults, told]), "file": path.name}
    answer = _verify_identifier(identifier_of(rendition.document))
    return _with(answer, path, faults)


def _record(path: Path, content: bytes) -> dict[str, Any]:
    """Check a downloaded signed record: the signature first, then what the platform holds."""
    from yingshang.licences.records import is_signed

    try:
        signed = json.loads(content)
        record, signature = signed["record"], signed["signature"]
        named = record.get("identifier") or record["ref"]
        good = is_signed(record, str(signature))
    except (ValueError, KeyError, TypeError, AttributeError):
        bad_input(f"{path} 不是 PDF，也不是下载的签名数据")
    answer = _verify_identifier(str(named))
    return _with(answer, path, [] if good else ["文件中的数据与签名不一致"])


def _with(answer: dict[str, Any], path: Path, faults: list[str]) -> dict[str, Any]:
    """Add to what is known of a document what is wrong with the file."""
    ok = answer["ok"] and not faults
    return {**answer, "ok": ok, "faults": [*faults, *answer["faults"]], "file": path.name}


def _answer(identifier: str, number: str, state: str, faults: list[str]) -> dict[str, Any]:
    return {
        "ok": state == "valid" and not faults,
        "identifier": identifier,
        "number": number,
        "state": state,
        "faults": faults,
    }


def _say(answer: dict[str, Any]) -> None:
    from yingshang.licences.labels import state_label

    state = "没有记录" if answer["state"] == "unknown" else state_label(answer["state"])
    verdict = "真实有效" if answer["ok"] else "不能作为有效凭证"
    click.echo(
        f"{answer['number'] or answer.get('file') or answer['identifier']}：{verdict}（{state}）"
    )
    for fault in answer["faults"]:
        click.echo(f"- {fault}")
