"""Who of an organ works on a case, which powers are delegated, and which cards were given."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.cases.api.handling import CASES, CaseDetail, detail_of
from yingshang.cases.assigning import assign_case
from yingshang.cases.cards import explain_card, list_cards_for
from yingshang.cases.granting import grant_power, revoke_power
from yingshang.cases.models import Card, Case, Power
from yingshang.cases.permissions import READ
from yingshang.cases.powers import list_powers_for
from yingshang.parties.actors import Actor
from yingshang.web.access import Needs
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

POWERS = _("权力授权和红黄牌")
Line = Annotated[str, Field(min_length=1, max_length=300)]


class PowerRead(Answer):
    """A delegated power; organs are named by key, the person by reference."""

    ref: str
    scope: str
    procedure: str
    action: str
    grantor: str
    organ: str | None
    person: str | None
    ground: str
    readiness: str
    valid_from: date | None
    valid_to: date | None
    revoked_at: datetime | None
    revoke_reason: str


class CardRead(Answer):
    """A yellow or red card, with what its organ says to it."""

    ref: str
    case: str
    organ: str
    clock: str
    colour: Literal["yellow", "red"]
    due_on: date
    issued_at: datetime
    explanation: str
    explained_at: datetime | None


def power_of(_actor: Actor, found: Power) -> PowerRead:
    """Return a power."""
    return PowerRead(
        ref=found.ref,
        scope=found.scope,
        procedure=found.procedure,
        action=found.action,
        grantor=found.grantor.key,
        organ=found.organ.key if found.organ else None,
        person=found.person.ref if found.person else None,
        ground=found.ground,
        readiness=found.readiness,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        revoked_at=found.revoked_at,
        revoke_reason=found.revoke_reason,
    )


def card_of(_actor: Actor, found: Card) -> CardRead:
    """Return a card."""
    return CardRead(
        ref=found.ref,
        case=found.case.ref,
        organ=found.organ.key,
        clock=found.clock,
        colour="red" if found.colour == "red" else "yellow",
        due_on=found.due_on,
        issued_at=found.issued_at,
        explanation=found.explanation,
        explained_at=found.explained_at,
    )


def _case(actor: Actor, found: Case) -> CaseDetail:
    return detail_of(actor, found)


write(
    "POST",
    "cases/<str:case>/assignment",
    assign_case,
    tag=CASES,
    summary=_("交给本单位的一位经办人"),
    show=_case,
)


@read("powers", name="powers.list", access=Needs(READ), tag=POWERS, summary=_("授权事项"))
def powers(actor: Actor, query: Paged) -> Listed[PowerRead]:
    """List the powers that the actor's organ granted or was given, the newest first."""
    return listed(list_powers_for(actor), ("-pk",), query, lambda one: power_of(actor, one))


write(
    "POST",
    "powers",
    grant_power,
    tag=POWERS,
    summary=_("授出一项权力"),
    show=power_of,
    status=201,
)
write(
    "POST",
    "powers/<str:power>/revocation",
    revoke_power,
    tag=POWERS,
    summary=_("收回授权"),
    show=power_of,
    bounds={"reason": Line},
)


@read("cards", name="cards.list", access=Needs(READ), tag=POWERS, summary=_("红黄牌"))
def cards(actor: Actor, query: Paged) -> Listed[CardRead]:
    """List the cards that the actor may see, the latest first."""
    return listed(list_cards_for(actor), ("-pk",), query, lambda one: card_of(actor, one))


write(
    "POST",
    "cards/<str:card>/explanation",
    explain_card,
    tag=POWERS,
    summary=_("说明红黄牌的原因和措施"),
    show=card_of,
    bounds={"explanation": Annotated[str, Field(min_length=1, max_length=2000)]},
)
