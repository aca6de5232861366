"""One run: decide all policies over a snapshot, carry the entitlements on, keep it, tell it once."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import file_digest
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from yingshang.domains.matching import files
from yingshang.domains.matching.books import RunBook, book_of
from yingshang.domains.matching.carrying import Carrying, Line, Setting
from yingshang.domains.matching.deciding import Progress, decide, keys_of_all
from yingshang.domains.matching.errors import NoSnapshot, RunInBetween, SnapshotShrunk
from yingshang.domains.matching.models import MatchRun, RuleBook, RunPolicy
from yingshang.domains.matching.permissions import RUN
from yingshang.domains.matching.places import list_places, places_of
from yingshang.domains.matching.spells import Array, number_of
from yingshang.domains.matching.standing import is_readable, is_shrunk
from yingshang.domains.matching.telling import QUIET_DAYS
from yingshang.domains.matching.tracing import Traced, trace
from yingshang.facts.actions.reading import log_run
from yingshang.facts.catalogue import namespace_of
from yingshang.facts.purposes import POLICY
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.messages.sending import send_many
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, SubjectType

log = logging.getLogger(__name__)


@dataclass
class Phases:
    """Seconds by phase."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Add the time that a block takes to a phase."""
        began = perf_counter()
        try:
            yield
        finally:
            spent = perf_counter() - began
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)


@action("matching.run", permission=RUN, in_parts=True)
def run_matching(
    actor: Actor,
    *,
    snapshot: Path,
    as_of: date,
    telling: bool = True,
    accepted: int = 0,
    href: str = "",
    progress: Progress = lambda _done, _all: None,
) -> MatchRun:
    """Match every policy in force with every enterprise of a snapshot; return the finished run.

    The same snapshot and the same rules again give the run that was already made. Where anything
    fails nothing is left behind. Without ``telling`` news waits for a later run. ``accepted`` is how
    many enterprises were found right for a snapshot that has much fewer than the last run. Raises
    :class:`NoSnapshot`, :class:`SnapshotShrunk`, :class:`RunInBetween`,
    :class:`~yingshang.rules.errors.BadFacts`.
    """
    if not snapshot.is_file():
        raise NoSnapshot
    phases, started_at = Phases(), now()
    with phases.of("prepare"):
        book = book_of(as_of, snapshot)
        digest = _digest(snapshot)
        previous = MatchRun.objects.order_by("-sequence").first()
        if previous and _is_done(previous, as_of, digest, book, telling=telling):
            raise AlreadyDone(previous)
        files.sweep(set(MatchRun.objects.filter(is_kept=True).values_list("ref", flat=True)))
    ref = new_ref()
    with files.new_folder(ref) as folder:
        setting = _setting(snapshot, as_of, book, previous, folder, telling=telling)
        _demand_whole(len(setting.subjects), previous, accepted)
        with phases.of("decide"):
            declared = book.catalogue.declared
            decided = decide(book.rules, snapshot, declared, folder / "amounts.tmp", progress)
        carrying = Carrying(setting)
        with phases.of("trace"):
            traced = trace(
                book,
                carrying.rows_to_trace(decided),
                setting.subjects,
                as_of=as_of,
                known_at=known_at_of(snapshot),
            )
        with phases.of("carry"):
            lines = carrying.carry(decided, traced.trails)
            carrying.close()
            (folder / "amounts.tmp").unlink()
        run = _made(actor, ref, setting, book, snapshot, digest, started_at)
        try:
            _store(actor, run, book, carrying, lines, traced, phases, href)
        except IntegrityError as error:
            raise RunInBetween from error
    log.info("matched %s policies with %s enterprises", run.policies, run.subjects)
    return run


def _digest(snapshot: Path) -> str:
    with snapshot.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def stamp_of(snapshot: Path) -> str:
    """Return name, size and time of a file, to see at once whether it is the one matched last."""
    found = snapshot.stat()
    return f"{snapshot.name}:{found.st_size}:{found.st_mtime_ns}"


def _is_done(previous: MatchRun, as_of: date, digest: str, book: RunBook, *, telling: bool) -> bool:
    """Whether a run did what is asked for: the same day, facts and rules, and told where it is to tell."""
    same = previous.as_of == as_of and previous.snapshot_digest == digest
    told = previous.is_telling or not telling
    return same and told and previous.book.digest == book.digest and is_readable(previous)


def _demand_whole(size: int, previous: MatchRun | None, accepted: int) -> None:
    """Raise :class:`SnapshotShrunk` for a snapshot that lost many and was not found right as it is."""
    if previous and is_shrunk(size, previous) and size != accepted:
        raise SnapshotShrunk(params={"now": size, "then": previous.subjects})


def known_at_of(snapshot: Path) -> datetime:
    """Return at which instant the facts of a snapshot were known, as it says itself; else its time."""
    found = (pq.read_schema(snapshot).metadata or {}).get(b"known_at")
    if found:
        return datetime.fromisoformat(found.decode())
    return datetime.fromtimestamp(snapshot.stat().st_mtime, UTC)


def _setting(
    snapshot: Path,
    as_of: date,
    book: RunBook,
    previous: MatchRun | None,
    folder: Path,
    *,
    telling: bool,
) -> Setting:
    organs = list_places()
    subjects = _row_ids(pq.read_table(snapshot, columns=["subject"]).column(0).to_pylist())
    return Setting(
        as_of=as_of,
        day=number_of(as_of),
        sequence=previous.sequence + 1 if previous else 1,
        policies=[rule.id for rule in book.rules],
        unfit=frozenset(book.unfit),
        subjects=subjects,
        places=places_of(snapshot, [str(one) for one in organs]),
        place_names=[one.key for one in organs],
        previous=previous,
        folder=folder,
        is_next_day=previous is not None and (as_of - previous.as_of).days <= 1,
        quiet_days=QUIET_DAYS if telling else None,
    )


def _row_ids(names: Sequence[str]) -> Array:
    """Return the row ids of enterprises named by code or reference; 0 for one that is not there."""
    kinds = [kind for kind in SubjectType.values if namespace_of(kind) == "enterprise"]
    rows = Subject.objects.filter(type__in=kinds).values_list("pk", "code", "ref")
    by_name = {code or ref: pk for pk, code, ref in rows.iterator(chunk_size=50_000)}
    return np.fromiter((by_name.get(name, 0) for name in names), np.int64, len(names))


def _made(
    actor: Actor,
    ref: str,
    setting: Setting,
    book: RunBook,
    snapshot: Path,
    digest: str,
    started_at: datetime,
) -> MatchRun:
    return MatchRun(
        ref=ref,
        sequence=setting.sequence,
        as_of=setting.as_of,
        known_at=known_at_of(snapshot),
        previous=setting.previous,
        snapshot_digest=digest,
        snapshot_stamp=stamp_of(snapshot),
        actor=actor.ref,
        started_at=started_at,
        policies=len(book.rules),
        subjects=len(setting.subjects),
        places=setting.place_names,
        unfit=dict(book.unfit),
        is_telling=setting.quiet_days is not None,
    )


def _store(
    actor: Actor,
    run: MatchRun,
    book: RunBook,
    carrying: Carrying,
    lines: Sequence[Line],
    traced: Traced,
    phases: Phases,
    href: str,
) -> None:
    """Keep the run, its messages and its files: all of it or nothing."""
    with transaction.atomic():
        with phases.of("store"):
            run.book, _ = RuleBook.objects.get_or_create(
                digest=book.digest, defaults={"body": dict(book.body)}
            )
            for name in ("entitled", "unknown", "gained", "lost", "changed", "amount_fen"):
                setattr(run, name, sum(getattr(line, name) for line in lines))
            run.told, run.finished_at = len(carrying.news.told), now()
            run.save(force_insert=True)
            RunPolicy.objects.bulk_create([_outcome(run, line) for line in lines], batch_size=500)
            _log_reading(actor, run, book, run.as_of, "惠企政策全量匹配")
            if traced.earliest is not None:
                _log_reading(actor, run, book, traced.earliest, "回溯从何时起符合惠企政策")
        with phases.of("tell"):
            key = f"match:{run.ref}"
            titles = carrying.titles(book.titles)
            send_many(carrying.news.messages(key, titles, href or _check_up_page(), run.ref))
        files.keep(carrying.setting.folder, run.ref)
        run.finished_at, run.phases = now(), dict(phases.seconds)
        run.save(update_fields=["finished_at", "phases"])
        record(
            "matching.run_finished",
            actor=actor.ref,
            subject=f"match-run:{run.ref}",
            payload=_payload(run, traced),
        )


def _check_up_page() -> str:
    """Return the page on which an enterprise sees all its policies, nothing where there is none."""
    try:
        return reverse("portal:check-up")
    except NoReverseMatch:
        return ""


def _payload(run: MatchRun, traced: Traced) -> Mapping[str, Any]:
    names = ("sequence", "policies", "subjects", "entitled", "unknown", "gained", "lost", "told")
    return {
        "as_of": run.as_of.isoformat(),
        "snapshot": run.snapshot_digest,
        "book": run.book.digest,
        **{name: getattr(run, name) for name in names},
        **({"traced_to": traced.earliest.isoformat()} if traced.earliest else {}),
    }


def _outcome(run: MatchRun, line: Line) -> RunPolicy:
    return RunPolicy(
        run=run,
        policy=line.policy,
        place=line.place,
        entitled=line.entitled,
        unknown=line.unknown,
        gained=line.gained,
        lost=line.lost,
        amount_fen=line.amount_fen,
        unknown_amounts=line.unknown_amounts,
    )


def _log_reading(actor: Actor, run: MatchRun, book: RunBook, as_of: date, ground: str) -> None:
    """Log what a run read as one reading for each sort of subject, which each of them sees."""
    kinds = [kind for kind in SubjectType.values if namespace_of(kind) == "enterprise"]
    found = Subject.objects.filter(type__in=kinds).order_by().values_list("type")
    keys = tuple(sorted(keys_of_all(book.rules) & set(book.catalogue.columns)))
    for kind, count in found.annotate(n=Count("pk")).order_by("type") if keys else ():
        log_run(
            actor,
            subject_type=kind,
            subjects=count,
            keys=keys,
            purpose=POLICY,
            ground=ground,
            as_of=as_of,
        )
