"""Whoever wants to know what outside bodies answered, or what a request is about: upper layers register."""

from collections.abc import Callable
from dataclasses import dataclass

from yingshang.kernel.registry import Registry
from yingshang.outside.models import Answer, Request
from yingshang.parties.actors import Actor

OnAnswer = Callable[[Actor, Request, Answer], None]

ANSWERED: Registry[OnAnswer] = Registry("listener to answers of outside bodies")
"""Called for every answer that counts (accepted, done, refused), in the order of the answers, in the
transaction that stores the answer, and once only. A listener that raises a ``DomainError`` undoes what
all listeners did with this answer; the answer itself is kept, the request is shown as stuck, and they
are told again until they take it."""


def tell_answered(actor: Actor, request: Request, answer: Answer) -> None:
    """Tell everybody what a body answered."""
    for _name, listen in ANSWERED:
        listen(actor, request, answer)


@dataclass(frozen=True)
class AboutInfo:
    """What a request is for, as a page shows it."""

    title: str
    href: str = ""


ABOUT: Registry[Callable[[Actor, str], AboutInfo | None]] = Registry("sort of thing asked about")
"""Under the sort in ``<sort>:<ref>``: takes the actor and the ref; None where he may not know of it."""


def describe_about(actor: Actor, about: str) -> AboutInfo | None:
    """Return what is known of ``<sort>:<ref>``; None where nobody answers for it."""
    sort, _, ref = about.partition(":")
    found = ABOUT.find(sort)
    return found(actor, ref) if found else None
