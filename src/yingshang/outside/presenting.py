"""How requests and answers read on a page: labels in the reader's language, nothing sensitive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingshang.outside.bodies import declared_for
from yingshang.outside.declaring import BodyField, Message, OutsideBody
from yingshang.outside.fitting import label_of
from yingshang.outside.models import (
    Answer,
    Delivery,
    DifferenceSort,
    Outcome,
    Request,
    Source,
    Status,
    Stuck,
    Verdict,
)
from yingshang.web.dates import day_text
from yingshang.web.money import yuan
from yingshang.web.parts import TimelineEntry

SORTS: dict[str, Any] = {
    "bank": gettext_lazy("银行"),
    "tax": gettext_lazy("税务"),
    "seal_maker": gettext_lazy("印章制作单位"),
    "social_insurance": gettext_lazy("社会保险"),
    "housing_fund": gettext_lazy("住房公积金"),
    "treasury": gettext_lazy("国库"),
    "platform": gettext_lazy("上级平台"),
}
NOTES: dict[str, Any] = {
    "send_again": gettext_lazy("要求重新发送"),
    "record_answer": gettext_lazy("登记答复"),
    "settle_contradiction": gettext_lazy("核对矛盾答复"),
}
_STATUS_TONES = {
    Status.ACCEPTED: "active",
    Status.DONE: "good",
    Status.REFUSED: "warn",
    Status.RETURNED: "bad",
}
_OUTCOME_TONES = {Outcome.DELIVERED: "good", Outcome.NOT_TAKEN: "warn", Outcome.REJECTED: "bad"}


@dataclass(frozen=True)
class Line:
    """A request as a list shows it."""

    request: Request
    body: str
    message: str
    state: str
    tone: str
    stuck: str


def line_of(request: Request) -> Line:
    """Return how a request reads in a list."""
    body, message = declared_for(request)
    state, tone = state_of(request)
    stuck = Stuck(request.stuck).label if request.stuck else ""
    return Line(request, label_of(body), label_of(message), state, tone, str(stuck))


def state_of(request: Request) -> tuple[str, str]:
    """Return the word for where a request stands, and its tone."""
    if request.answer:
        status = Status(request.answer)
        return str(status.label), _STATUS_TONES[status]
    delivery = Delivery(request.delivery)
    tones = {Delivery.FAILED: "bad", Delivery.UNKNOWN: "warn", Delivery.DELIVERED: "active"}
    return str(delivery.label), tones.get(delivery, "idle")


def values_of(
    message: Message, fields: Iterable[BodyField], values: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return labels and texts of the values there are; a sensitive one is only said to exist."""
    return [
        (
            label_of(field),
            _("敏感信息，不显示")
            if field.key in message.sensitive
            else value_text(field, values[field.key]),
        )
        for field in fields
        if field.key in values
    ]


def value_text(field: BodyField, value: Any) -> str:
    """Return a value as people write it: money in yuan, days in words."""
    match field.type:
        case "money":
            return yuan(value)
        case "date":
            return day_text(date.fromisoformat(value))
        case "flag":
            return _("是") if value else _("否")
        case "list":
            return "、".join(value)
        case _:
            return str(value)


def answer_values(message: Message, answer: Answer) -> list[tuple[str, str]]:
    """Return what an answer says, as labels and texts."""
    if answer.status == Status.REFUSED:
        return [(_("拒绝原因"), reason_text(message, answer.reason))]
    if answer.status == Status.RETURNED:
        return [(_("退回原因"), reason_text(message, answer.reason))]
    declared = getattr(message.answers, answer.status)
    return values_of(message, declared, answer.fields)


def reason_text(message: Message, code: str) -> str:
    """Return a reason's label, or its code where it is no longer declared."""
    known = (*message.answers.refused, *message.answers.returned)
    return next((label_of(one) for one in known if one.code == code), code)


def history_of(request: Request, message: Message) -> list[TimelineEntry]:
    """Return everything that happened to a request, the latest first."""
    entries = [TimelineEntry(request.asked_at, _("发出请求"), by=request.asked_name)]
    for attempt in request.attempts.all():
        outcome = Outcome(attempt.outcome) if attempt.outcome else None
        title = outcome.label if outcome else _("正在发送")
        tone = _OUTCOME_TONES.get(outcome, "idle") if outcome else "idle"
        at = attempt.finished_at or attempt.started_at
        entries.append(TimelineEntry(at, str(title), attempt.why, tone=tone))
    entries += [_answer_entry(message, answer) for answer in request.answers.all()]
    for note in request.notes.all():
        entries.append(TimelineEntry(note.at, NOTES[note.what], note.ground, note.by_name))
    return sorted(entries, key=lambda entry: str(entry.at), reverse=True)


def _answer_entry(message: Message, answer: Answer) -> TimelineEntry:
    status, verdict = Status(answer.status), Verdict(answer.verdict)
    lines = [
        _("%(label)s：%(text)s") % {"label": a, "text": b}
        for a, b in answer_values(message, answer)
    ]
    if verdict is not Verdict.COUNTS:
        lines.append(str(verdict.label))
    if answer.repeats:
        lines.append(_("对方又重复答复 %s 次，没有重复生效。") % answer.repeats)
    if answer.unapplied:
        lines.append(_("未能生效：%s") % answer.unapplied)
    title = _("答复：%(status)s（%(source)s）") % {
        "status": status.label,
        "source": Source(answer.source).label,
    }
    tone = "bad" if verdict is Verdict.CONTRADICTS else _STATUS_TONES[status]
    return TimelineEntry(answer.received_at, title, "\n".join(lines), answer.by_name, tone=tone)


def side_text(value: str) -> str:
    """Return what one side of a difference says, in words."""
    for words in (Status, Delivery):
        if value in words.values:
            return str(words(value).label)
    return _("办理 %s 次") % value if value.isdigit() else value or "—"


def sort_text(sort: str) -> str:
    """Return a difference's sort in words."""
    return str(DifferenceSort(sort).label)


def span_text(span: timedelta | None) -> str:
    """Return a length of time in the unit that suits it; a dash for none."""
    if span is None:
        return "—"
    seconds = span.total_seconds()
    if seconds < 120:
        return _("%s 秒") % f"{seconds:.0f}"
    if seconds < 2 * 3600:
        return _("%s 分钟") % f"{seconds / 60:.0f}"
    if seconds < 48 * 3600:
        return _("%s 小时") % f"{round(seconds / 3600, 1):g}"
    return _("%s 天") % f"{round(seconds / 86400, 1):g}"


def body_name(bodies: Mapping[str, OutsideBody], key: str) -> str:
    """Return a body's label, or its key where it is no longer declared."""
    return label_of(bodies[key]) if key in bodies else key
