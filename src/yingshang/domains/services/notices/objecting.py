"""Objections to a notice: who may object, until when, and what the case is told.

Anybody may be a stranger here, so that texts are cleaned of what cannot be seen, bounded, and counted
by the address that they come from. Name and contact are kept for the organ alone.
"""

import hmac
import unicodedata
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.working import find_action, lock, move
from yingshang.content.actions import digest_of
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.errors import (
    NoticeOver,
    ObjectionNotOpen,
    ObjectionUnfit,
    TooManyObjections,
)
from yingshang.domains.services.models import Objection, PublicNotice
from yingshang.domains.services.notices import declaring
from yingshang.domains.services.notices.names import OBJECTION
from yingshang.domains.services.notices.publishing import declared_of, period_of
from yingshang.domains.services.notices.reading import get_notice_for
from yingshang.domains.services.notices.sources import NOTICE_VALUES
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYBODY, action
from yingshang.parties.actors import Actor

FROM_ONE_PLACE, WITHIN = 5, timedelta(hours=1)
"""How many objections one address may lodge, and in which time."""
LONGEST = 2000
"""Characters of an objection."""


@action("services.lodge_objection", permission=ANYBODY)
def lodge_objection(
    actor: Actor,
    *,
    notice: str,
    ground: str,
    text: str,
    name: str = "",
    contact: str,
    address: str = "",
    listed: str = "",
) -> Objection:
    """Object to a notice while its period runs (利害关系人异议); signed in or not, as it allows.

    A signed-in objector's name is the account's. ``listed`` says whom of those listed it is about. The case
    is told by the system action that the notice names, and so is whoever answers for those listed. Raises :class:`NoticeMissing`, :class:`NoticeOver`, :class:`ObjectionNotOpen`,
    :class:`ObjectionUnfit`, :class:`TooManyObjections`.
    """
    found = get_notice_for(actor, notice)
    declared, case = declared_of(found), lock(found.case_id)
    found.refresh_from_db(fields=["ended_at"])
    _demand_open(actor, found, declared, case)
    place = digest_of_address(address)
    _demand_not_too_many(place)
    said = {
        "ground": ground,
        "text": _needed(text, LONGEST, gettext("异议的内容和理由")),
        "name": _needed(name if actor.is_anonymous else actor.name, 80, gettext("姓名或者名称")),
        "contact": _needed(contact, 80, gettext("联系方式")),
        "party": actor.party_name[:120],
    }
    if found.listed:
        said["listed"] = listed
    if ground not in declared.ground_by_key:
        raise ObjectionUnfit(field="ground", params={"what": gettext("异议的种类")})
    if found.listed and listed not in {one["key"] for one in found.listed}:
        raise ObjectionUnfit(field="listed", params={"what": gettext("对谁提出异议")})
    made = _store(actor, found, said, place)
    _tell_case(case, declared, made)
    return made


def _demand_open(
    actor: Actor, notice: PublicNotice, declared: declaring.PublicNotice, case: Case
) -> None:
    if not may_object(actor, declared):
        raise ObjectionNotOpen(params={"whom": whom(declared)})
    if not is_open(notice, case):
        raise NoticeOver


def is_open(notice: PublicNotice, case: Case) -> bool:
    """Tell whether the period runs: the case's clock says so, to the end of its last day."""
    if notice.ended_at is not None or case.closed_at is not None:
        return False
    period = period_of(case, declared_of(notice).clock)
    return (
        period is not None
        and period.ended_at is None
        and period.ends_at is not None
        and now() < period.ends_at
    )


def may_object(actor: Actor, declared: declaring.PublicNotice) -> bool:
    """Tell whether somebody is among those who may object."""
    match declared.objectors:
        case "anyone":
            return True
        case "signed_in":
            return not actor.is_anonymous
        case "organs":
            return actor.is_official
        case _:
            return False


def whom(declared: declaring.PublicNotice) -> str:
    """Return who may object, in words."""
    words: dict[str, str] = {
        "anyone": gettext("任何单位和个人"),
        "signed_in": gettext("登录的单位和个人"),
        "organs": gettext("有关部门"),
        "nobody": gettext("没有人"),
    }
    return declared.whom or words[declared.objectors]


def _demand_not_too_many(place: str) -> None:
    lately = Objection.objects.filter(place=place, received_at__gt=now() - WITHIN)
    if place and lately.count() >= FROM_ONE_PLACE:
        raise TooManyObjections


def digest_of_address(address: str) -> str:
    """Return the keyed digest of a network address; empty where there is none."""
    if not address:
        return ""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), sha256).hexdigest()


def _needed(text: str, most: int, what: str) -> str:
    clean = cleaned(text)[:most].strip()
    if not clean:
        raise ObjectionUnfit(params={"what": what})
    return clean


def cleaned(text: str) -> str:
    """Return a stranger's text without control and direction characters, which hide what is read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one == "\n" or unicodedata.category(one)[0] != "C")


def _store(actor: Actor, notice: PublicNotice, said: dict[str, Any], place: str) -> Objection:
    ref = new_ref()
    body = {"notice": notice.ref, "objection": ref, **said}
    digest = digest_of(body)
    entry = record(
        "services.objection_lodged",
        actor=actor.ref,
        subject=f"case:{notice.case.ref}",
        payload={"notice": notice.ref, "objection": ref, "digest": digest},
    )
    return Objection.objects.create(
        ref=ref,
        notice=notice,
        actor=actor.ref,
        place=place,
        received_at=now(),
        digest=digest,
        entry=entry.ref,
        **said,
    )


def _tell_case(case: Case, declared: declaring.PublicNotice, made: Objection) -> None:
    source = NOTICE_VALUES.find(case.procedure)
    if source is not None and source.objected is not None and made.listed:
        source.objected(case, made)
    procedure = procedure_of(case.version)
    wanted = procedure.action_by_key.get(declared.on_objection)
    if wanted is None or case.state not in wanted.from_states:
        return
    takes = any(one.field == OBJECTION for one in wanted.takes)
    data = {OBJECTION: made.ref} if takes else {}
    move(organ_actor(made.notice.organ), case, find_action(procedure, wanted.key), data=data)
