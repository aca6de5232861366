"""What applicants and officials see of the outside bodies of a case."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from yingshang.cases.models import Case
from yingshang.domains.services.asking.effects import said_of
from yingshang.domains.services.asking.reading import Asked, about, list_asked
from yingshang.outside.bodies import declared_for, get_body
from yingshang.outside.errors import BodyUnknown
from yingshang.outside.fitting import label_of
from yingshang.outside.models import Delivery, Request, Verdict
from yingshang.outside.presenting import answer_values, state_of
from yingshang.outside.selectors import list_requests_for
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class BodyShown:
    """How one outside body of a case stands.

    ``said`` are labels and texts of what it answered, ``waits`` says on what it waits, ``before`` what
    it answered to earlier requests. ``readable`` tells whether
    the request's own page is open to the reader.
    """

    body: str
    matter: str
    state: str
    tone: str
    said: tuple[tuple[str, str], ...]
    waits: str
    before: tuple[str, ...]
    request: Request | None
    readable: bool


def bodies_shown(actor: Actor, case: Case) -> list[BodyShown]:
    """Return each outside body that the service of a case asks, as the actor may see it."""
    asked = list_asked(case)
    refs = [one.latest.ref for one in asked if one.latest is not None]
    readable = set(list_requests_for(actor).filter(ref__in=refs).values_list("ref", flat=True))
    return [_shown(one, readable) for one in asked if one.latest is not None or not case.closed_at]


def waits_of(cases: Iterable[Case]) -> dict[str, str]:
    """Return by the reference of cases, where outside bodies owe them an answer, what they wait for."""
    abouts = {about(case): case.ref for case in cases}
    found: dict[str, list[str]] = {}
    open_ = Request.objects.filter(about__in=abouts, settled_at=None).select_related("version")
    for request in open_.order_by("pk") if abouts else ():
        body, _message = declared_for(request)
        found.setdefault(abouts[request.about], []).append(f"{label_of(body)}：{_waits(request)}")
    return {ref: "；".join(texts) for ref, texts in found.items()}


def _shown(one: Asked, readable: set[str]) -> BodyShown:
    request = one.latest
    if request is None:
        body, matter = _names(one)
        return BodyShown(body, matter, gettext("未转送"), "waiting", (), "", (), None, False)
    body_, message = declared_for(request)
    state, tone = state_of(request)
    answers = list(request.answers.filter(verdict=Verdict.COUNTS).order_by("pk"))
    said = [pair for answer in answers for pair in answer_values(message, answer)]
    return BodyShown(
        label_of(body_),
        label_of(message),
        state,
        {"active": "progress", "warn": "bad", "idle": "waiting"}.get(tone, tone),
        tuple(said),
        _waits(request),
        tuple(text for earlier in one.requests[:-1] for text in _answered(earlier)),
        request,
        request.ref in readable,
    )


def _names(one: Asked) -> tuple[str, str]:
    try:
        body = get_body(one.declared.body)
    except BodyUnknown:
        return one.declared.body, one.declared.message
    message = body.find_message(one.declared.message)
    return label_of(body), label_of(message) if message is not None else one.declared.message


def _answered(request: Request) -> list[str]:
    final = request.answers.filter(verdict=Verdict.COUNTS).order_by("pk").last()
    return [said_of(request, final)] if final is not None else []


def _waits(request: Request) -> str:
    """Say in a sentence what an open request waits for; nothing where it is settled."""
    if request.is_settled:
        return ""
    if request.stuck:
        return gettext("超过了正常时间，工作人员正在核实，您不用重新提交")
    if request.answer:
        return gettext("对方已经受理，等待办结")
    match request.delivery:
        case Delivery.WAITING | Delivery.SENDING if request.tries:
            return gettext("对方系统暂时不通，平台会继续发送，您不用重新提交")
        case Delivery.WAITING | Delivery.SENDING:
            return gettext("正在发送")
        case Delivery.UNKNOWN:
            return gettext("已经发出，正在核实对方是否收到")
        case _:
            return gettext("对方已收到，等待答复")
