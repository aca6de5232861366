"""Yellow and red cards: what a light leads to when nobody acts.

The organ whose turn it is gets a yellow card when the light of a clock turns red, and a red one when
its limit has run out; each once in a run of the clock, and no yellow one after the end. Red cards are shown to supervisors as well. The
organ says how it came to it. A provisional deadline gives no cards.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from yingshang.cases.errors import CardExplained, CardMissing, CardNotYours, ReasonRequired
from yingshang.cases.log import procedure_of, state_of
from yingshang.cases.models import Card, Case, Colour
from yingshang.cases.permissions import ESCALATE, HANDLE, READ, READ_ALL, SUPERVISE
from yingshang.cases.readings import Reading
from yingshang.kernel.isolating import Isolated
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import Record, record, record_all
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Organ

JOB = "cases-escalate"
CHUNK = 500


@action("cases.issue_cards", permission=ESCALATE)
def issue_cards(actor: Actor, *, organ: str) -> int:
    """Issue the cards that one organ (by key) has earned and return how many.

    Raises :class:`~yingshang.cases.history.BrokenHistory` for a case that cannot be replayed, after
    nothing was issued.
    """
    found = Organ.objects.get(key=organ)
    issued = []
    for case in _urgent(found):
        issued += _earned(case, found)
    if not issued:
        raise AlreadyDone(0)
    Card.objects.bulk_create(issued, batch_size=CHUNK)
    record_all(actor.ref, [_record_of(card) for card in issued])
    return len(issued)


def _urgent(organ: Organ) -> Iterator[Case]:
    waiting = Case.objects.filter(turn=organ, closed_at=None, red_on__lte=today())
    waiting = waiting.select_related("version").defer("version__body").prefetch_related("cards")
    yield from waiting.order_by("pk").iterator(chunk_size=CHUNK)


def _earned(case: Case, organ: Organ) -> list[Card]:
    """Return the cards that the clocks of a case call for and that it does not have."""
    had = {(card.clock, card.run, card.colour) for card in case.cards.all()}
    procedure = procedure_of(case.version)
    silent = {clock.key for clock in procedure.clocks if not clock.cards}
    return [
        Card(
            case=case,
            organ=organ,
            clock=reading.key,
            colour=colour,
            run=reading.run,
            due_on=reading.due_on,
            issued_at=now(),
        )
        for reading in state_of(case).clocks.running
        if reading.due_on and reading.key not in silent and not reading.provisional
        if (colour := _colour(reading)) and (reading.key, reading.run, colour) not in had
    ]


def _colour(reading: Reading) -> Colour | None:
    """Return the card that a clock calls for now; a limit found run out gets a red one alone."""
    if reading.ends_at is not None and reading.ends_at <= now():
        return Colour.RED
    if reading.red_on is not None and reading.red_on <= today():
        return Colour.YELLOW
    return None


def _record_of(card: Card) -> Record:
    payload = {
        "card": card.ref,
        "organ": card.organ.ref,
        "clock": card.clock,
        "run": card.run,
        "colour": str(card.colour),
        "due_on": card.due_on.isoformat(),
    }
    return Record("cases.card_issued", f"case:{card.case.ref}", payload)


def escalate() -> None:
    """Issue the cards of every organ, each by itself; safe to run late and twice.

    Raises :class:`~yingshang.kernel.isolating.SomeFailed` at the end, naming the organs that failed.
    """
    actor, isolated = system_actor(JOB, ESCALATE), Isolated(JOB)
    late = Case.objects.filter(closed_at=None, red_on__lte=today(), turn__isnull=False)
    for key, name in late.order_by().values_list("turn__key", "turn__name").distinct():
        with isolated.part(name):
            issue_cards(actor, organ=key)
    isolated.report()


@action("cases.explain_card", permission=HANDLE)
def explain_card(actor: Actor, *, card: str, explanation: str) -> Card:
    """Say for the organ that got a card how it came to it and what is done; once.

    Raises :class:`CardMissing` for whom the card does not concern, :class:`CardNotYours`,
    :class:`CardExplained` and :class:`ReasonRequired`. The same words again do nothing.
    """
    seen = get_card_for(actor, card)
    found = Card.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if found.organ_id != actor.organ_id:
        raise CardNotYours
    text = explanation.strip()[:2000]
    if not text:
        raise ReasonRequired(field="explanation")
    if found.explained_at is not None:
        if found.explanation == text:
            raise AlreadyDone(found)
        raise CardExplained
    found.explanation, found.explained_by, found.explained_at = text, actor.name, now()
    found.save(update_fields=["explanation", "explained_by", "explained_at"])
    payload = {"card": found.ref, "explanation": text}
    record(
        "cases.card_explained", actor=actor.ref, subject=f"case:{found.case.ref}", payload=payload
    )
    return found


def list_cards_for(actor: Actor) -> QuerySet[Card]:
    """Return the cards that the actor may see, the latest first: its organ's own, and as a supervisor all.

    ``cases.supervise`` and ``cases.read_all`` see every red card; yellow ones stay with the organ.
    """
    allowed = Q(pk__in=[])
    if actor.may(READ) and actor.organ_id is not None:
        allowed |= Q(organ_id=actor.organ_id)
    if actor.may(READ_ALL) or actor.may(SUPERVISE):
        allowed |= Q(colour=Colour.RED)
    cards = Card.objects.filter(allowed).select_related("organ", "case__version", "case__holder")
    return cards.defer("case__version__body").order_by("-pk")


def get_card_for(actor: Actor, ref: str) -> Card:
    """Return a card that the actor may see; raises :class:`CardMissing` for any other."""
    found = list_cards_for(actor).filter(ref=ref).first()
    if found is None:
        raise CardMissing
    return found


def may_explain(actor: Actor, card: Card) -> bool:
    """Tell whether the actor may explain the card now."""
    own = card.organ_id == actor.organ_id and card.explained_at is None
    return own and actor.may(HANDLE)


def list_cards_of(case: Case) -> QuerySet[Card]:
    """Return the cards of a case that was read with a selector, the latest first."""
    cards = case.cards.select_related("organ", "case__version", "case__holder")
    return cards.defer("case__version__body").order_by("-pk")


def worst_cards(cases: Iterable[Case]) -> dict[int, str]:
    """Return the colour of the gravest card of each case that has one, by row id."""
    wanted = [case.pk for case in cases]
    found = Card.objects.filter(case__in=wanted).values_list("case_id", "colour").distinct()
    return dict(sorted(found, key=lambda one: one[1] == Colour.RED))
