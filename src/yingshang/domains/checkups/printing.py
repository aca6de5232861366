"""The check-up on paper: a PDF whose digest stands in the ledger, so that anybody can verify it."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from yingshang.domains.checkups.checking import Report, check_up
from yingshang.domains.checkups.errors import NotPrinted
from yingshang.domains.checkups.findings import STATES, Finding
from yingshang.domains.checkups.gaps import say_money
from yingshang.domains.checkups.presenting import PARTS
from yingshang.domains.checkups.tags import tags_of
from yingshang.facts.permissions import READ_OWN
from yingshang.kernel.canonical import canonical_json
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import SHANGHAI
from yingshang.ledger.models import Entry
from yingshang.ledger.recording import record
from yingshang.licences.errors import NotRendered
from yingshang.licences.rendering import compile_typst, qr_picture
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.selectors import get_subject_for
from yingshang.web.dates import day_text

KIND = "checkups.printed"
ABOUT = "check-up"
"""The ledger's events are about ``check-up:<code>``; the code stands on the paper."""


@dataclass(frozen=True)
class Printed:
    """A check-up on paper with the code and the digest (SHA-256) of what it says."""

    content: bytes
    code: str
    digest: str
    as_of: date


def print_report(actor: Actor, *, subject: str) -> Printed:
    """Make the PDF of a subject's own check-up and note its digest.

    The digest is that of the canonical JSON of subject, day and findings, which the paper shows. The
    file is made before anything is noted. Raises what
    :func:`~yingshang.domains.checkups.checking.check_up` raises, and ``NotPrinted``.
    """
    report = check_up(actor, get_subject_for(actor, subject))
    said = content_of(report)
    digest = sha256(canonical_json(said)).hexdigest()
    code = new_ref(16)
    content = _set(report, code, digest)
    note_printing(actor, code=code, digest=digest, as_of=report.as_of)
    return Printed(content, code, digest, report.as_of)


@action(KIND, permission=READ_OWN)
def note_printing(actor: Actor, *, code: str, digest: str, as_of: date) -> str:
    """Note that a check-up was printed, under the code on the paper; return the code."""
    payload = {"digest": digest, "as_of": as_of.isoformat()}
    record(KIND, actor=actor.ref, subject=f"{ABOUT}:{code}", payload=payload)
    return code


def content_of(report: Report) -> dict[str, Any]:
    """Return what a check-up says, as plain JSON: the same facts on the same day give the same."""
    return {
        "subject": report.subject.code or report.subject.ref,
        "as_of": report.as_of.isoformat(),
        "findings": [
            {"policy": one.policy, "state": one.state, "amount_fen": one.amount_fen}
            for one in report.all()
        ],
    }


@dataclass(frozen=True)
class PrintedOnce:
    """What is told of a printed check-up to anybody who has its code."""

    code: str
    digest: str
    as_of: date
    printed_at: datetime


def find_printed(code: str) -> PrintedOnce | None:
    """Return what the ledger holds under the code of a paper, or None."""
    found = Entry.objects.filter(kind=KIND, subject=f"{ABOUT}:{code}").select_related("payload")
    entry = found.first()
    if entry is None:
        return None
    body = json.loads(entry.payload.body)
    day = date.fromisoformat(body["as_of"])
    return PrintedOnce(code, body["digest"], day, entry.recorded_at)


def _set(report: Report, code: str, digest: str) -> bytes:
    day = report.checked_at.astimezone(SHANGHAI).date()
    source = files(__package__).joinpath("report.typ").read_bytes()
    values = {
        **_words(report),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "code": code,
        "digest": digest,
        "qr": qr_picture(
            f"{settings.PUBLIC_ADDRESS}{reverse('portal:verify-check-up')}?code={code}"
        ),
        "parts": [
            {
                "label": str(PARTS[state].label),
                "lead": str(PARTS[state].lead),
                "rows": [_row(one) for one in getattr(report, state)],
            }
            for state in STATES
        ],
    }
    try:
        return compile_typst({"main.typ": source}, {"report": values}, standard="a-2b")
    except NotRendered as error:
        raise NotPrinted(params={"why": str(error)}) from error


def _words(report: Report) -> dict[str, Any]:
    profile = report.profile
    return {
        "title": gettext("政策体检报告"),
        "subject": report.subject.name,
        "subject_code": report.subject.code or "",
        "tags": [tag.label for tag in tags_of(profile, report.book)],
        "as_of": gettext("数据截至 %(day)s") % {"day": day_text(report.as_of)},
        "total": gettext("可享受 %(count)d 项，合计 %(amount)s")
        % {"count": len(report.entitled), "amount": say_money(report.total_fen)},
        "columns": [gettext("政策"), gettext("结论"), gettext("依据")],
        "none": gettext("无"),
        "verify": gettext("扫码或凭核验码核验。本报告按平台现有数据生成，以主管部门的决定为准。"),
        "code_label": gettext("核验码"),
        "digest_label": gettext("内容摘要（SHA-256）"),
    }


def _row(one: Finding) -> dict[str, str]:
    text = one.text
    rests = [text.title if text else "", one.clause]
    until = gettext("有效至 %(day)s") % {"day": day_text(one.until)} if one.until else ""
    return {
        "title": one.title,
        "said": one.sentence,
        "clause": " ".join(filter(None, rests)),
        "until": until,
    }
