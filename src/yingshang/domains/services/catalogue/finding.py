"""我要办哪些事: which services apply, by what is known and by as few questions as settle them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingshang.domains.services.catalogue.declaring import ServiceItem, ServiceQuestion
from yingshang.domains.services.catalogue.situations import ask_next, compile_items, situation_of
from yingshang.facts.actions.reading import read_profile
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.permissions import READ_OWN
from yingshang.facts.purposes import OWN
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.rules.compiling import Rule


@dataclass(frozen=True)
class Applies:
    """Which items are needed, what is still open, and what to ask next.

    ``answered`` are the questions that the visitor answered, ``from_facts`` those that the
    enterprise's own facts did; ``unsettled`` items wait for facts that no question asks.
    """

    needed: tuple[str, ...]
    open_items: tuple[str, ...]
    unsettled: tuple[str, ...]
    asking: ServiceQuestion | None
    left: int
    answered: tuple[tuple[ServiceQuestion, str], ...]
    from_facts: tuple[tuple[ServiceQuestion, str], ...]


def what_applies(
    actor: Actor,
    items: Iterable[ServiceItem],
    questions: Sequence[ServiceQuestion],
    given: Mapping[str, str],
) -> Applies:
    """Decide every item by facts and answers; a question answered with anything else is skipped."""
    rules = compile_items(items, situation_of(current_catalogue(), questions))
    row = _own_facts(actor, rules, questions)
    answered, from_facts, skipped = [], [], set()
    for one in questions:
        text = given.get(one.key)
        if text is not None:
            answered.append((one, text))
            row[one.name] = one.read(text)
            if row[one.name] is None:
                skipped.add(one.key)
        elif (said := _said(one, row)) is not None:
            from_facts.append((one, said))
            row[one.name] = one.read(said)
    found = ask_next(rules, questions, row, skipped=frozenset(skipped))
    return Applies(
        found.needed,
        found.open_items,
        found.unsettled,
        found.next_question,
        found.questions_left,
        tuple(answered),
        tuple(from_facts),
    )


def _own_facts(
    actor: Actor, rules: Sequence[Rule], questions: Sequence[ServiceQuestion]
) -> dict[str, Any]:
    """Return what the rules and questions need to know of the actor's own enterprise; else nothing."""
    if actor.subject_id is None or not actor.may(READ_OWN):
        return {}
    columns = current_catalogue().columns
    wanted = {key for rule in rules for key in rule.facts} | {one.fact for one in questions}
    subject = Subject.objects.get(pk=actor.subject_id)
    keys = tuple(sorted(wanted & columns.keys()))
    read = read_profile(actor, subject=subject.ref, purpose=OWN, keys=keys)
    return read.profile.row(sorted(read.keys))


def _said(question: ServiceQuestion, row: Mapping[str, Any]) -> str | None:
    """Return the answer that a fact gives, or None where it is none of the answers."""
    held = row.get(question.fact) if question.fact else None
    if held is None:
        return None
    text = ("yes" if held else "no") if isinstance(held, bool) else str(held)
    return text if question.read(text) is not None else None
