"""The library of policies as programs read it, and how far a text is known and reaches."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.policies.amending import coming
from yingshang.domains.policies.finding import find_texts
from yingshang.domains.policies.library import Text, current_library
from yingshang.domains.policies.look_back import look_back_on
from yingshang.domains.policies.permissions import READ
from yingshang.domains.policies.presenting import title_of
from yingshang.domains.policies.resting import rested_on
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone, OfficialNeeds
from yingshang.web.operations import Answer, Day, Sent, read

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


class RuleOfText(Answer):
    """A rule of a text: what it is called and when it holds, and the clauses on which it rests."""

    key: str
    title: str
    valid_from: date
    valid_to: date | None
    clauses: list[str]


class ComingRead(Answer):
    """An amended text that is published and takes effect on a later day."""

    number: str
    valid_from: date


class TextRead(TextLine):
    """A text with its clauses and rules, and the amendment that will take its place, where there is one."""

    interpretation: str
    supersedes: list[str]
    replaced_by: list[str]
    clauses: list[ClauseRead]
    resting: list[RuleOfText]
    coming: ComingRead | None


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
    new = coming(key)
    more = {
        "coming": ComingRead(number=new.number, valid_from=new.valid_from) if new else None,
        "resting": [
            RuleOfText(
                key=rule.key,
                title=rule.title,
                valid_from=rule.valid_from,
                valid_to=rule.valid_to,
                clauses=sorted(used[rule.key]),
            )
            for rule in text.rules
        ],
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


class LookBackRead(Answer):
    """How many enterprises know a text, are entitled by it and were reached; null where nobody can tell.

    ``awareness`` and ``reach`` are the shares of those entitled who know of it and who applied.
    """

    text: str
    known: int | None
    covered: int | None
    reached: int | None
    awareness: float | None
    reach: float | None


@read(
    "policies/<str:key>/look-back",
    name="policies.look_back",
    access=OfficialNeeds(READ),
    tag=POLICIES,
    summary=_("一份政策的“回头看”：知晓、覆盖和到达"),
)
def look_back(actor: Actor, key: str) -> LookBackRead:
    """Show how far a text is known and reaches."""
    found = look_back_on(current_library().get(key))
    return LookBackRead(
        text=key,
        known=found.known,
        covered=found.covered,
        reached=found.reached,
        awareness=found.awareness,
        reach=found.reach,
    )
