"""Looking back on a text (政策“回头看”): who knows it, whom it covers, whom it reached (盐湖区2022).

What nobody can tell yet is None and shown as unknown, never as nought.
"""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from yingshang.domains.policies.library import Text
from yingshang.domains.policies.models import Hearing, TextReading
from yingshang.kernel.registry import Registry
from yingshang.messages.selectors import readers_of

Subjects = Callable[[Iterable[str]], Set[int] | None]
"""Takes the keys of rules; returns the row ids of the subjects concerned, None where it is not known."""

COVERED: Registry[Subjects] = Registry("source of who is entitled")
REACHED: Registry[Subjects] = Registry("source of who applied or was paid")
KNOWN: Registry[Subjects] = Registry("source of who has read of a policy")
"""Who opened a message that names it, a page about it: whatever tells them apart from those never told."""


@dataclass(frozen=True)
class LookBack:
    """How many enterprises know a text, are entitled by it, and were reached; None where unknown.

    ``known_entitled`` are those of the entitled who know it.
    """

    known: int | None
    covered: int | None
    reached: int | None
    known_entitled: int | None

    @property
    def reach(self) -> float | None:
        """The share of those entitled who were reached; None where it cannot be said."""
        return _share(self.reached, self.covered)

    @property
    def awareness(self) -> float | None:
        """The share of those entitled who know of it; None where it cannot be said."""
        return _share(self.known_entitled, self.covered)


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def look_back_on(text: Text) -> LookBack:
    """Return the figures of a text over all its rules, each enterprise counted once."""
    keys = [rule.key for rule in text.rules]
    known = _readers_of(text.key) | (_asked(KNOWN, keys) or set())
    covered, reached = _asked(COVERED, keys), _asked(REACHED, keys)
    return LookBack(
        known=len(known),
        covered=None if covered is None else len(covered),
        reached=None if reached is None else len(reached),
        known_entitled=None if covered is None else len(known & covered),
    )


def _readers_of(text: str) -> set[int]:
    """Return who opened the text's page, or the invitation to be heard about it."""
    pages = TextReading.objects.filter(text=text).values_list("subject_id", flat=True)
    hearings = Hearing.objects.filter(draft__published=text).values_list("ref", flat=True)
    return {*pages, *readers_of(about=map(about_of, hearings))}


def about_of(hearing: str) -> str:
    """Return what invitations to a hearing are about."""
    return f"policy_hearing:{hearing}"


def _asked(sources: Registry[Subjects], keys: Iterable[str]) -> Set[int] | None:
    """Return all whom any source names; None where no source can tell."""
    told = [found for _name, source in sources if (found := source(keys)) is not None]
    return set().union(*told) if told else None
