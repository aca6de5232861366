"""A rule on earlier days: whom it would have reached, by what was known then (回测).

A day whose snapshot is still there is counted in it; any other is folded from the facts anew, as of
that day and as known at its end, so that nothing learnt since is used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from yingshang.domains.matching.deciding import BLOCK, keys_of_all
from yingshang.domains.matching.errors import DaysUnfit, NoSuchBackTest
from yingshang.domains.matching.models import BackTest
from yingshang.domains.matching.permissions import PREVIEW
from yingshang.domains.matching.previews import (
    Population,
    Source,
    cost_of,
    get_source_for,
    log_counting,
    rule_of,
    sees_rule_exactly,
)
from yingshang.facts.catalogue import current_catalogue, namespace_of
from yingshang.facts.snapshots import batches_of
from yingshang.facts.tasks import snapshot_path
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, SubjectType
from yingshang.rulebook.book import current_book
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rules.columns import Table, from_arrow, read_schema, read_table
from yingshang.rules.compiling import Rule

MOST_DAYS: Final = 12


@dataclass(frozen=True)
class Result:
    """What a rule came to on a day; ``origin`` is ``snapshot`` or ``facts``."""

    as_of: str
    origin: str
    size: int
    entitled: int
    unknown: int
    fen: int
    unknown_amounts: int


def suggested_days() -> list[date]:
    """Return the first days of the last four quarters, the earliest first."""
    first = today().replace(day=1)
    found: list[date] = []
    while len(found) < 4:
        if first.month % 3 == 1 and first < today():
            found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return sorted(found)


@action("matching.start_back_test", permission=PREVIEW)
def start_back_test(actor: Actor, *, sort: str, ref: str, days: tuple[date, ...]) -> BackTest:
    """Let the worker try a draft or a policy on earlier days; the reading of facts is logged for each day.

    Raises :class:`DaysUnfit`, :class:`~yingshang.domains.matching.errors.DraftUnfit`, and as
    :func:`~yingshang.domains.matching.previews.get_source_for`.
    """
    return ask_for_days(actor, get_source_for(actor, sort, ref), days)


def ask_for_days(actor: Actor, source: Source, days: Sequence[date]) -> BackTest:
    """Do the same for a source at hand, in the caller's transaction."""
    chosen = sorted(set(days))
    if not 0 < len(chosen) <= MOST_DAYS or chosen[-1] >= today():
        raise DaysUnfit(field="days")
    rule = rule_of(source.declaration, current_book(today()))
    keys = keys_of_all((rule,)) & set(current_catalogue().columns)
    for day in chosen:
        log_counting(actor, keys, day)
    made = BackTest.objects.create(
        policy=source.key,
        title=source.title,
        body=source.declaration.model_dump(mode="json", exclude_defaults=True),
        organ_id=actor.organ_id,
        actor=actor.ref,
        days=[day.isoformat() for day in chosen],
        asked_at=now(),
    )
    record(
        "matching.back_test_started",
        actor=actor.ref,
        subject=f"back-test:{made.ref}",
        payload={"policy": source.key, "days": made.days},
    )
    transaction.on_commit(lambda: run_back_test.enqueue(made.pk))
    return made


@task()
def run_back_test(pk: int) -> None:
    """Try the rule on each day that has no result yet; safe to run again."""
    found = BackTest.objects.get(pk=pk)
    declared = PolicyDeclaration.model_validate(found.body)
    done = {one["as_of"] for one in found.results}
    for day in found.days:
        if day not in done:
            found.results = [*found.results, vars(try_on(declared, date.fromisoformat(day)))]
            found.save(update_fields=["results"])
    found.finished_at = now()
    found.save(update_fields=["finished_at"])


def try_on(declared: PolicyDeclaration, day: date) -> Result:
    """Return what a rule would have come to on a day, by the parameters of that day."""
    rule = rule_of(declared, current_book(day))
    path = snapshot_path(day)
    keys = keys_of_all((rule,))
    if path.is_file() and keys - {"as_of"} <= set(read_schema(path)):
        tables = iter([read_table(path, keys, current_catalogue().declared)])
        return _counted(rule, day, "snapshot", tables)
    return _counted(rule, day, "facts", _folded(keys, day))


def _folded(keys: set[str], day: date) -> Iterator[Table]:
    """Yield the columns of everybody as of a day, as known at its end, some thousands at a time."""
    catalogue = current_catalogue()
    columns = {key: one for key, one in catalogue.columns_of("enterprise").items() if key in keys}
    end = datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)
    kinds = [kind for kind in SubjectType.values if namespace_of(kind) == "enterprise"]
    rows = Subject.objects.filter(type__in=kinds).order_by("pk").values_list("pk", "code", "ref")
    subjects = [(pk, code or ref) for pk, code, ref in rows]
    for batch in batches_of(catalogue, columns, subjects, as_of=day, known_at=min(end, now())):
        yield from_arrow(pa.Table.from_batches([batch]), catalogue.declared)


def _counted(rule: Rule, day: date, origin: str, tables: Iterator[Table]) -> Result:
    sums = dict.fromkeys(("size", "entitled", "unknown", "fen", "unknown_amounts"), 0)
    for table in tables:
        for begin in range(0, len(table), BLOCK):
            _add(sums, rule, _part(table, begin))
    return Result(day.isoformat(), origin, **sums)


def _part(table: Table, begin: int) -> Table:
    end = min(len(table), begin + BLOCK)
    return table if end - begin == len(table) else table.take(np.arange(begin, end))


def _add(sums: dict[str, Any], rule: Rule, table: Table) -> None:
    population = Population(rule, table)
    cost = cost_of(population.amounts)
    sums["size"] += len(table)
    sums["entitled"] += len(population.rows)
    sums["unknown"] += population.unknown
    sums["fen"] += cost.fen
    sums["unknown_amounts"] += cost.unknown_amounts


def sees_exactly_for(actor: Actor, test: BackTest) -> bool:
    """Tell whether the actor may see the small counts of a try-out."""
    return sees_rule_exactly(actor, PolicyDeclaration.model_validate(test.body))


def list_back_tests_for(actor: Actor, policy: str) -> QuerySet[BackTest]:
    """Return what the actor's organ asked for about a policy, the latest first; raises ``NotPermitted``."""
    actor.require(PREVIEW)
    found = BackTest.objects.filter(organ=actor.organ_id or 0, policy=policy)
    return found.order_by("-asked_at", "-pk")


def get_back_test_for(actor: Actor, ref: str) -> BackTest:
    """Return one of these; raises :class:`NoSuchBackTest`."""
    actor.require(PREVIEW)
    found = BackTest.objects.filter(organ=actor.organ_id or 0, ref=ref).first()
    if found is None:
        raise NoSuchBackTest
    return found
