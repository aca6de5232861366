"""What an answer is, and what a new one means beside those that are known. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yingshang.kernel.canonical import digest
from yingshang.outside.declaring import Message
from yingshang.outside.errors import AnswerUnreadable, ReasonUnknown
from yingshang.outside.fitting import fitted, label_of
from yingshang.outside.models import FINAL, Status, Verdict

NAMES = frozenset({"message_id", "status", "fields", "reason"})
WITH_REASON = frozenset({Status.REFUSED, Status.RETURNED})


@dataclass(frozen=True)
class Given:
    """A well-formed answer to one message."""

    status: Status
    fields: Mapping[str, Any]
    reason: str = ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what is said, in hexadecimal: equal for repeats and for nothing else."""
        said = {"status": self.status.value, "fields": dict(self.fields), "reason": self.reason}
        return digest(said).hex()


def read_answer(message: Message, payload: Mapping[str, Any]) -> Given:
    """Return what a callback says about a message.

    ``{"message_id", "status": "accepted" | "done" | "refused" | "returned", "fields": {…}, "reason": code}``.
    Raises ``AnswerUnreadable``, ``ReasonUnknown`` and what ``fitted`` raises.
    """
    if strange := sorted(str(name)[:40] for name in set(payload) - NAMES):
        raise AnswerUnreadable(params={"why": _("不认识 %s") % "、".join(strange)})
    status, fields, reason = (payload.get(name) for name in ("status", "fields", "reason"))
    if status not in Status.values:
        known = "、".join(Status.values)
        raise AnswerUnreadable(params={"why": _("status 应为 %s 之一") % known})
    if fields is not None and not isinstance(fields, Mapping):
        raise AnswerUnreadable(params={"why": _("fields 应为对象")})
    if reason is not None and not isinstance(reason, str):
        raise AnswerUnreadable(params={"why": _("reason 应为文字")})
    given = Status(status)
    if given not in WITH_REASON:
        if reason:
            raise AnswerUnreadable(params={"why": _("只有 refused 和 returned 可以写 reason")})
        declared = getattr(message.answers, given.value)
        return Given(given, fitted(declared, fields or {}, message=label_of(message)))
    if fields:
        raise AnswerUnreadable(params={"why": _("%s 只写 reason，不写 fields") % given.value})
    codes = [one.code for one in getattr(message.answers, given.value)]
    if reason is None or reason not in codes:
        params = {"reason": str(reason)[:80], "known": "、".join(codes)}
        raise ReasonUnknown(params=params)
    return Given(given, {}, reason)


def weigh(given: Given, counting: Iterable[Given]) -> Verdict:
    """Say what a new answer means beside the earlier ones that count; none of them equals it.

    The first of a status counts unless a final one came before: a late acceptance changes nothing, and
    a second final answer, or another acceptance, contradicts. What was done may be returned; where that
    is told first, that it was done comes late.
    """
    statuses = {one.status for one in counting}
    if given.status in statuses:
        return Verdict.CONTRADICTS
    if given.status is Status.RETURNED:
        return Verdict.CONTRADICTS if Status.REFUSED in statuses else Verdict.COUNTS
    if given.status is Status.DONE and Status.RETURNED in statuses:
        return Verdict.LATE
    if not statuses & FINAL:
        return Verdict.COUNTS
    return Verdict.CONTRADICTS if given.status in FINAL else Verdict.LATE
