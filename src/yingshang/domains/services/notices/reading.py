"""Reads of notices and objections: what the public may see, what the organ, what the applicant."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db.models import Q, QuerySet

from yingshang.cases.models import Case
from yingshang.cases.relations import handles
from yingshang.domains.services.errors import NoticeMissing, ObjectionMissing
from yingshang.domains.services.models import Objection, PublicNotice
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor


def readable_notices(actor: Actor) -> Q:
    """Return the filter for the notices that somebody may read: public ones, and organs' own."""
    shown = Q(shown_until=None) | Q(shown_until__gte=today())
    return shown if actor.is_official else shown & Q(is_public=True)


def list_notices_for(actor: Actor, *, is_over: bool | None = None) -> QuerySet[PublicNotice]:
    """Return the notices that somebody may read, newest first; only those open, or over, where asked."""
    found = PublicNotice.objects.filter(readable_notices(actor))
    if is_over is not None:
        found = found.filter(ended_at__isnull=not is_over)
    return found.select_related("declared", "organ").order_by("-published_at", "-pk")


def get_notice_for(actor: Actor, ref: str) -> PublicNotice:
    """Return a notice that somebody may read; raises :class:`NoticeMissing`."""
    found = PublicNotice.objects.filter(readable_notices(actor), ref=ref)
    notice = found.select_related("declared", "organ", "case__version", "case__holder").first()
    if notice is None:
        raise NoticeMissing
    return notice


def notices_of(case: Case) -> list[PublicNotice]:
    """Return the notices of a case that the caller may read, oldest first."""
    return list(case.public_notices.select_related("declared", "organ").order_by("pk"))


@dataclass(frozen=True)
class SeenObjection:
    """An objection as one reader sees it: who objected is for those who decide alone."""

    objection: Objection
    name: str
    contact: str
    about: str = ""
    """Whom of those that the notice lists it is about."""


def objections_for(actor: Actor, notice: PublicNotice) -> list[SeenObjection]:
    """Return the objections to a notice of a case that the caller may read, oldest first."""
    case = notice.case
    if not handles(actor, case):
        return []
    closely = actor.is_official
    names = {one["key"]: one["name"] for one in notice.listed}
    return [
        SeenObjection(
            one,
            one.name if closely else "",
            one.contact if closely else "",
            names.get(one.listed, ""),
        )
        for one in notice.objections.order_by("pk")
    ]


def get_acknowledged(ref: str, code: str) -> Objection:
    """Return the objection of a receipt; raises :class:`ObjectionMissing` for any wrong code."""
    found = Objection.objects.filter(ref=ref).select_related("notice__organ", "notice__declared")
    objection = found.first()
    if objection is None or not hmac.compare_digest(receipt_code(ref).encode(), code.encode()):
        raise ObjectionMissing
    return objection


def receipt_code(ref: str) -> str:
    """Return the code under which whoever lodged an objection can look it up again."""
    message = f"yingshang.services.objection\n{ref}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, sha256).hexdigest()[:20]
