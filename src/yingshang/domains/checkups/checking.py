"""Checking one enterprise against every policy in force: live, from its facts, with nothing kept.

Reading one's own facts is free; anybody else names a purpose, is logged and shown to the enterprise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yingshang.domains.checkups.errors import NoSuchPolicy
from yingshang.domains.checkups.findings import (
    ENTITLED,
    NEARLY,
    NO,
    UNKNOWN,
    Finding,
    Looked,
)
from yingshang.domains.checkups.gaps import A_FEW, say_money
from yingshang.domains.checkups.permissions import CHECK
from yingshang.domains.checkups.ready import ready_on
from yingshang.domains.matching.public import Entitlement, entitlements_of
from yingshang.facts.access import get_subject_to_read
from yingshang.facts.actions.reading import read_profile
from yingshang.facts.declaring import Typing
from yingshang.facts.profiles import Profile, load_population
from yingshang.facts.purposes import POLICY
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.rulebook.book import Book
from yingshang.rulebook.showing import Reader
from yingshang.rules.subjects import Failed, Verdict

MOST_GAPS = 2
"""More conditions than these would have to change: that is not nearly."""
_STATE = {"yes": ENTITLED, "unknown": UNKNOWN}


@dataclass(frozen=True)
class Report:
    """A check-up: every policy in one of four parts. ``withheld`` are facts that the reader may not see."""

    subject: Subject
    profile: Profile
    book: Book
    entitled: tuple[Finding, ...]
    nearly: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    no: tuple[Finding, ...]
    withheld: tuple[str, ...] = ()

    @property
    def reader(self) -> Reader:
        """Return what says names and values in the reader's language."""
        return Reader(self.book)

    @property
    def columns(self) -> Mapping[str, Typing]:
        """Return the columns that the catalogue has, by key."""
        return self.book.catalogue.columns

    @property
    def as_of(self) -> date:
        """Return the day that it speaks of."""
        return self.book.as_of

    @property
    def checked_at(self) -> datetime:
        """Return the instant whose knowledge it rests on."""
        return self.profile.known_at

    @property
    def total_fen(self) -> int:
        """Return what the enterprise is entitled to in all, as far as amounts are known."""
        return sum(one.amount_fen or 0 for one in self.entitled)

    @property
    def total_said(self) -> str:
        """Return the same in words, nothing where there is none."""
        return say_money(self.total_fen) if self.total_fen else ""

    @property
    def size(self) -> int:
        """Return against how many policies the enterprise was checked."""
        return len(self.entitled) + len(self.nearly) + len(self.unknown) + len(self.no)

    def all(self) -> Iterable[Finding]:
        """Yield every finding, part by part."""
        yield from (*self.entitled, *self.nearly, *self.unknown, *self.no)

    def get(self, policy: str) -> Finding:
        """Return what is said of one policy; raises :class:`NoSuchPolicy`."""
        for one in self.all():
            if one.policy == policy:
                return one
        raise NoSuchPolicy(params={"policy": policy})


def check_up(
    actor: Actor,
    subject: Subject,
    as_of: date | None = None,
    *,
    purpose: str = POLICY,
    ground: str = "",
) -> Report:
    """Check an enterprise against every policy in force on a day (today).

    For its own people free of any log. An official needs ``checkups.check`` besides the right to read
    facts; the reading is logged for ``purpose``, and sensitive facts count as unknown unless a
    ``ground`` is given with the right to them. Raises ``NotPermitted``, ``NoSuchParty``,
    ``PurposeMissing``.
    """
    day = as_of or today()
    ready = ready_on(day)
    own = actor.subject_id is not None
    if own:
        found = get_subject_to_read(actor, subject.ref)
        profile, withheld = _own_profile(found, ready.book), frozenset[str]()
    else:
        actor.require(CHECK)
        read = read_profile(
            actor,
            subject=subject.ref,
            purpose=purpose,
            as_of=day,
            keys=tuple(sorted(ready.keys)),
            ground=ground,
            sensitive=bool(ground.strip()),
        )
        profile, withheld = read.profile.narrowed(read.keys), read.withheld
    reader = Reader(ready.book)
    names = tuple(reader.name(key) for key in sorted(withheld))
    return _report(Looked(subject, profile, profile.row(ready.keys), ready, reader, own), names)


def _own_profile(subject: Subject, book: Book) -> Profile:
    day, moment = book.as_of, now()
    population = load_population(book.catalogue, [subject.pk], as_of=day, known_at=moment)
    return population.profile(subject.pk)


def _report(looked: Looked, withheld: tuple[str, ...]) -> Report:
    verdicts = looked.ready.checkup.verdicts(looked.row)
    known = {one.policy: one for one in entitlements_of(looked.subject)}
    parts: dict[str, list[Finding]] = {ENTITLED: [], NEARLY: [], UNKNOWN: [], NO: []}
    for verdict in verdicts:
        finding = _finding(verdict, looked, known.get(verdict.rule.id))
        parts[finding.state].append(finding)
    parts[ENTITLED].sort(key=lambda one: (-(one.amount_fen or 0), one.policy))
    parts[NEARLY].sort(key=lambda one: (len(one.gaps), one.policy))
    parts[UNKNOWN].sort(key=lambda one: (len(one.verdict.missing), one.policy))
    return Report(
        looked.subject,
        looked.profile,
        looked.ready.book,
        entitled=tuple(parts[ENTITLED]),
        nearly=tuple(parts[NEARLY]),
        unknown=tuple(parts[UNKNOWN]),
        no=tuple(parts[NO]),
        withheld=withheld,
    )


def _finding(verdict: Verdict, looked: Looked, known: Entitlement | None) -> Finding:
    state = _STATE.get(verdict.result, NO)
    if state == NO and _may_be_near(verdict, looked):
        tried = Finding(verdict.rule.id, NEARLY, verdict, looked)
        misses = tried.conditions.misses()
        if misses and len(misses) <= MOST_GAPS:
            return tried
    if state != ENTITLED or known is None:
        return Finding(verdict.rule.id, state, verdict, looked)
    return Finding(verdict.rule.id, state, verdict, looked, known.since, known.exact)


def _may_be_near(verdict: Verdict, looked: Looked) -> bool:
    """Tell at little cost whether numbers alone could be in the way, before the conditions are told."""
    numbers = [one.gap is not None and not _is_far(one, looked.row) for one in verdict.failed]
    if verdict.rule.id in looked.ready.with_choices:
        return any(numbers)
    return bool(numbers) and all(numbers) and len(numbers) <= MOST_GAPS


def _is_far(failed: Failed, row: Mapping[str, Any]) -> bool:
    """Tell whether a number certainly misses by more than what counts as near (see ``gaps``)."""
    if len(failed.facts) != 1 or not isinstance(failed.gap, int | float):
        return False
    value = row.get(failed.facts[0])
    return isinstance(value, int | float) and failed.gap > max(A_FEW, abs(value))
