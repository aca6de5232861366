"""The library of policies as programs read it, and the answers that organs give."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.policies.cleaning import answer_clean_up
from yingshang.domains.policies.finding import find_texts
from yingshang.domains.policies.hearing import reply_opinion
from yingshang.domains.policies.library import Text, current_library
from yingshang.domains.policies.models import CleanUpItem, Opinion
from yingshang.domains.policies.presenting import title_of
from yingshang.domains.policies.resting import rested_on
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone
from yingshang.web.operations import Answer, Day, Sent, read, write

POLICIES = _("惠企政策")


class TextQuery(Sent):
    """What to look for; nothing given lists all. ``as_of`` is the day whose state counts."""

    q: Annotated[str, Field(max_length=60)] = ""
    topic: Annotated[str, Field(max_length=60)] = ""
    level: Annotated[str, Field(max_length=20)] = ""
    issuer: Annotated[str, Field(max_length=60)] = ""
    state: Annotated[str, Field(max_length=20)] = ""
    as_of: Day | None = None


class TextLine(Answer):
    """A text; ``state`` is in_force, future, over or abolished, ``issuer`` an organ's key."""

    key: str
    title: str
    number: str
    issuer: str
    level: str
    issued_on: date
    published_on: date | None
    valid_from: date
    valid_to: date | None
    state: str
    topics: list[str]
    rules: list[str]


class ClauseRead(Answer):
    """A clause, its marks and the rules of which a part rests on it."""

    label: str
    text: str
    marks: list[str]
    rules: list[str]
    unused: str


class TextRead(TextLine):
    """A text with its clauses."""

    interpretation: str
    supersedes: list[str]
    replaced_by: list[str]
    clauses: list[ClauseRead]


class TextList(Answer):
    """The texts that fit, the newest first, or by the words asked for."""

    items: list[TextLine]


def _line(text: Text, day: date) -> dict[str, object]:
    one = text.declaration
    return {
        "key": one.key,
        "title": title_of(one),
        "number": one.number,
        "issuer": one.issuer,
        "level": one.level.value,
        "issued_on": one.issued_on,
        "published_on": one.published_on,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "state": text.state_on(day),
        "topics": list(one.topics),
        "rules": [rule.key for rule in text.rules],
    }


@read(
    "policies",
    name="policies.list",
    access=Anyone(),
    tag=POLICIES,
    summary=_("政策文本"),
)
def texts(actor: Actor, query: TextQuery) -> TextList:
    """List the texts of the library."""
    day = query.as_of or today()
    wanted = {
        "q": query.q,
        "topic": query.topic,
        "level": query.level,
        "issuer": query.issuer,
        "state": query.state,
    }
    found = find_texts(actor, current_library(), wanted, day)
    return TextList(items=[TextLine.model_validate(_line(one, day)) for one in found])


@read(
    "policies/<str:key>",
    name="policies.get",
    access=Anyone(),
    tag=POLICIES,
    summary=_("一份政策文本"),
)
def one_text(actor: Actor, key: str) -> TextRead:
    """Show a text by its clauses."""
    text = current_library().get(key)
    used = {rule.key: rested_on(rule) for rule in text.rules}
    more = {
        "interpretation": text.declaration.interpretation,
        "supersedes": list(text.declaration.supersedes),
        "replaced_by": [heir.key for heir in text.replaced_by],
        "clauses": [
            ClauseRead(
                label=clause.label,
                text=clause.text,
                marks=[mark.value for mark in clause.marks],
                rules=[key for key, labels in used.items() if clause.label in labels],
                unused=clause.unused,
            )
            for clause in text.declaration.clauses
        ],
    }
    return TextRead.model_validate({**_line(text, today()), **more})


class ReplyRead(Answer):
    """An opinion with what became of it."""

    ref: str
    clause: str
    stance: str
    text: str
    adoption: str
    reply: str


def _reply(_actor: Actor, one: Opinion) -> ReplyRead:
    return ReplyRead(
        ref=one.ref,
        clause=one.clause,
        stance=one.stance,
        text=one.text,
        adoption=one.adoption,
        reply=one.reply,
    )


class CleanUpAnswerRead(Answer):
    """What an organ said of its text in a clean-up."""

    text: str
    answer: str
    reason: str
    ends_from: date | None


def _answer(_actor: Actor, item: CleanUpItem) -> CleanUpAnswerRead:
    return CleanUpAnswerRead(
        text=item.text, answer=item.answer, reason=item.reason, ends_from=item.ends_from
    )


write(
    "PUT",
    "policy-opinions/<str:opinion>/reply",
    reply_opinion,
    tag=POLICIES,
    summary=_("答复意见"),
    show=_reply,
)
write(
    "PUT",
    "policy-clean-ups/<str:clean_up>/answers/<str:text>",
    answer_clean_up,
    tag=POLICIES,
    summary=_("答复清理意见"),
    show=_answer,
)
