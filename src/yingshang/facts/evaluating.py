"""Evaluating a rule for one subject, keeping what was used, and doing it again after a correction.

A recorded evaluation pins the rule's text, the day and the instant of knowledge, so that it can be
repeated exactly. After a change of values every latest evaluation that looked at them is repeated as
of its own day with what is known now; where the outcome differs the listeners are told. Nothing here
changes a decision: a person does that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from yingshang.content.actions import digest_of
from yingshang.facts.catalogue import Catalogue, catalogue_at, current_catalogue
from yingshang.facts.declaring import Absence
from yingshang.facts.errors import RuleUnfit
from yingshang.facts.listeners import CHANGED
from yingshang.facts.models import (
    EvaluatedRule,
    Evaluation,
    EvaluationUse,
    FactLoad,
    FactValue,
    SourceCompleteness,
    relation_key,
)
from yingshang.facts.profiles import Profile, load_population
from yingshang.facts.weaving import CHUNK, lock_subjects, touched_by
from yingshang.kernel.canonical import canonical_json, to_json
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.listeners import ChangedRelation
from yingshang.parties.models import Subject
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.errors import RuleFault
from yingshang.rules.explaining import explain
from yingshang.rules.policies import read_parameters, read_policy
from yingshang.rules.results import Amount, evaluate_results
from yingshang.rules.subjects import Checkup
from yingshang.rules.typed import facts_of


@dataclass(frozen=True)
class Evaluated:
    """What a rule says of a profile, and the columns that it reads."""

    outcome: Mapping[str, Any]
    keys: frozenset[str]


def compile_body(body: Mapping[str, Any], catalogue: Catalogue, as_of: date) -> Rule:
    """Return the rule of ``{"policy": …, "parameters": …}`` as of a day; raises :class:`RuleUnfit`."""
    try:
        policy = read_policy(body["policy"])
        parameters = read_parameters(body.get("parameters") or {})
        (rule,) = compile_rules([policy], catalogue.declarations(as_of, parameters))
    except RuleFault as fault:
        raise RuleUnfit(field="policy", params={"why": str(fault)}) from fault
    return rule


def evaluate_rule(rule: Rule, profile: Profile) -> Evaluated:
    """Return the outcome as plain JSON (result, missing, failed, explanation, results) and what was read."""
    keys = keys_of(rule)
    row = profile.row(keys)
    (verdict,) = Checkup((rule,)).verdicts(row)
    outcome = verdict.as_json() | {"explanation": explain(rule, row).as_json()}
    if verdict.result == "yes" and rule.results:
        outcome["results"] = evaluate_results(rule.results, row)
    return Evaluated(outcome, keys)


def keys_of(rule: Rule) -> frozenset[str]:
    """Return the fact keys that a rule's condition and results read."""
    trees = [one.base if isinstance(one, Amount) else one for one in rule.results.values()]
    columns = rule.facts.union(*(facts_of(tree) for tree in trees))
    return frozenset(column.partition("@")[0] for column in columns)


def keep(
    actor: Actor,
    subject: Subject,
    body: Mapping[str, Any],
    *,
    as_of: date,
    known_at: datetime,
    purpose: str,
    decision: str = "",
    revises: Evaluation | None = None,
    cause: FactLoad | None = None,
) -> Evaluation:
    """Evaluate and store one evaluation with the values that it used."""
    catalogue = current_catalogue()
    rule = compile_body(body, catalogue, as_of)
    population = load_population(catalogue, [subject.pk], as_of=as_of, known_at=known_at)
    profile = population.profile(subject.pk)
    evaluated = evaluate_rule(rule, profile)
    made = Evaluation.objects.create(
        subject=subject,
        rule=_kept_rule(rule, body),
        purpose=purpose,
        as_of=as_of,
        known_at=known_at,
        actor=actor.ref,
        organ_id=revises.organ_id if revises else actor.organ_id,
        outcome=evaluated.outcome,
        decision=decision,
        revises=revises,
        cause=cause,
        changed=revises is not None and differs(revises.outcome, evaluated.outcome),
    )
    EvaluationUse.objects.bulk_create(_uses(made, profile, evaluated.keys))
    return made


@dataclass(frozen=True)
class Replayed:
    """What a kept evaluation comes to when it is done again, and whether that is bit for bit the same."""

    outcome: Mapping[str, Any]
    same: bool


def replay(evaluation: Evaluation) -> Replayed:
    """Do a kept evaluation again: its rule, its day, and the catalogue and values known at its instant.

    Outcomes are compared in canonical JSON (RFC 8785).
    """
    catalogue = catalogue_at(evaluation.evaluated_at)
    rule = compile_body(evaluation.rule.body, catalogue, evaluation.as_of)
    population = load_population(
        catalogue, [evaluation.subject_id], as_of=evaluation.as_of, known_at=evaluation.known_at
    )
    outcome = evaluate_rule(rule, population.profile(evaluation.subject_id)).outcome
    again, kept = (canonical_json(to_json(dict(one))) for one in (outcome, evaluation.outcome))
    return Replayed(outcome, again == kept)


def _kept_rule(rule: Rule, body: Mapping[str, Any]) -> EvaluatedRule:
    kept, _ = EvaluatedRule.objects.get_or_create(
        digest=digest_of(body),
        defaults={
            "rule": rule.id[:120],
            "title": rule.policy.title[:300],
            "body": dict(body),
            "keys": sorted(keys_of(rule)),
        },
    )
    return kept


def _uses(made: Evaluation, profile: Profile, keys: Iterable[str]) -> list[EvaluationUse]:
    return [
        EvaluationUse(
            evaluation=made,
            subject_id=one.subject,
            key=one.key,
            value_id=one.held.id if one.held else None,
            related_id=one.related,
        )
        for one in profile.places(keys)
    ]


def differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether two outcomes give the subject something else: the answer, or what follows from it."""
    return any(before.get(name) != after.get(name) for name in ("result", "results"))


def affected_by(load: FactLoad) -> Iterator[Evaluation]:
    """Yield the latest evaluations that looked at what a load changed, on a day that it speaks of."""
    changed = FactValue.objects.filter(
        touched_by(load),
        Q(valid_from__isnull=True) | Q(valid_from__lte=OuterRef("evaluation__as_of")),
        subject=OuterRef("subject"),
        key=OuterRef("key"),
    )
    yield from _latest(Exists(changed))


def list_affected_by(load: FactLoad) -> list[int]:
    """Return the same as row ids, to be repeated some at a time."""
    return [one.pk for one in affected_by(load)]


def repeat_some(actor: Actor, load: FactLoad, evaluations: Sequence[int]) -> list[Evaluation]:
    """Repeat those of these evaluations (row ids) that are the latest still."""
    return repeat(actor, load, _latest(Q(evaluation__in=list(evaluations)), lock=True))


def affected_by_relations(changed: Sequence[ChangedRelation]) -> Iterator[Evaluation]:
    """Yield the latest evaluations that looked for related subjects where others are related now."""
    since: dict[tuple[int, str], date] = {}
    for one in changed:
        for subject, direction in ((one.source, "out"), (one.target, "in")):
            place = (subject, relation_key(one.type, direction))
            first = one.since or date.min
            since[place] = min(first, since.get(place, first))
    found: set[int] = set()
    subjects, keys = sorted({place[0] for place in since}), {place[1] for place in since}
    for start in range(0, len(subjects), CHUNK):
        uses = EvaluationUse.objects.filter(
            evaluation__is_latest=True, subject__in=subjects[start : start + CHUNK], key__in=keys
        )
        for pk, subject, key, day in uses.values_list(
            "evaluation", "subject", "key", "evaluation__as_of"
        ):
            if since.get((subject, key), date.max) <= day:
                found.add(pk)
    yield from _latest(Q(evaluation__in=found), lock=True) if found else ()


def _latest(uses: Q | Exists, *, lock: bool = False) -> Iterator[Evaluation]:
    found = EvaluationUse.objects.filter(uses, evaluation__is_latest=True)
    ids = list(found.values_list("evaluation", flat=True).distinct())
    latest = Evaluation.objects.filter(pk__in=ids, is_latest=True)
    if lock:
        lock_subjects(set(latest.values_list("subject", flat=True)))
    yield from latest.select_related("rule", "subject").order_by("pk").iterator(chunk_size=500)


def affected_by_completeness(load: FactLoad) -> Iterator[Evaluation]:
    """Yield the latest evaluations for whose day a load changed whether no value means something."""
    catalogue, found = current_catalogue(), Q(pk__in=())
    for stated in load.completeness.all():
        absence = catalogue.types[stated.key].absence
        if not isinstance(absence, Absence):
            continue
        slack = timedelta(days=absence.within_days)
        earlier = SourceCompleteness.objects.filter(source=stated.source, key=stated.key)
        last = earlier.exclude(load=load).order_by("recorded_at", "pk").last()
        days = Q(key=stated.key)
        until = stated.complete_to
        if last is not None:
            days &= Q(evaluation__as_of__gt=min(last.complete_to, until) + slack)
            until = max(last.complete_to, until)
        found |= days & Q(evaluation__as_of__lte=until + slack)
    yield from _latest(found, lock=True)


def reevaluate(actor: Actor, load: FactLoad) -> list[Evaluation]:
    """Repeat what a load may have changed, inside its transaction; return the repeats that differ.

    A repeat with the same outcome is kept only where it rests on other values. Records one event for
    each subject's changed evaluation and tells the listeners.
    """
    return repeat(actor, load, affected_by(load))


def repeat(actor: Actor, load: FactLoad, evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """Do the same with these evaluations."""
    changed = []
    for before in evaluations:
        after = keep(
            actor,
            before.subject,
            before.rule.body,
            as_of=before.as_of,
            known_at=load.counts_from,
            purpose=before.purpose,
            decision=before.decision,
            revises=before,
            cause=load,
        )
        if not after.changed and _basis(before) == _basis(after):
            after.delete()
            continue
        Evaluation.objects.filter(pk=before.pk).update(is_latest=False)
        if after.changed:
            changed.append(after)
            _tell(actor, after)
    return changed


def _basis(evaluation: Evaluation) -> list[tuple[Any, ...]]:
    uses = evaluation.uses.order_by(
        "subject_id", "key", F("value__item").asc(nulls_first=True), "related_id"
    )
    values = ("value__item", "value__content", "value__grade")
    return list(uses.values_list("subject_id", "key", "related_id", *values))


def _tell(actor: Actor, after: Evaluation) -> None:
    before = after.revises
    assert before is not None
    assert after.cause is not None
    record(
        "facts.evaluation_changed",
        actor=actor.ref,
        subject=f"subject:{after.subject.ref}",
        payload={
            "evaluation": after.ref,
            "revises": before.ref,
            "rule": after.rule.rule,
            "load": after.cause.ref,
            "before": before.outcome.get("result"),
            "after": after.outcome.get("result"),
            "decision": after.decision,
        },
    )
    for _, listener in CHANGED:
        listener(actor, after)
