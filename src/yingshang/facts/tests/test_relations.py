"""Who stands to a firm changes: what was evaluated on it is evaluated again, and decisions are reviewed."""

from datetime import date

import pytest

from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.listeners import CHANGED
from yingshang.facts.models import Evaluation, FactLoad
from yingshang.facts.tests.conftest import Stage
from yingshang.parties.actions.relations import end_subject_relation, relate_subjects
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

pytestmark = pytest.mark.django_db
HEAD = "legal_representative"


def registrar(stage: Stage) -> Actor:
    stage.tick()
    return stage.official("market", "parties.register_subjects")


def relate(
    stage: Stage, other: Subject, *, relation: str = HEAD, since: date | None = None
) -> None:
    source = stage.firm.ref
    relate_subjects(
        registrar(stage), source=source, relation=relation, target=other.ref, valid_from=since
    )


def evaluated(stage: Stage, condition: str, *, as_of: date | None = None) -> Evaluation:
    stage.tick()
    made = record_evaluation(
        stage.official("other", "facts.evaluate", "facts.read", "facts.read_sensitive"),
        subject=stage.firm.ref,
        policy={"id": "p", "title": "政策", "condition": condition},
        purpose="policy",
        ground="核对",
        as_of=as_of,
    )
    stage.tick()
    return made


def results() -> list[tuple[str, bool]]:
    rows = Evaluation.objects.order_by("pk")
    return [(one.outcome["result"], one.is_latest) for one in rows]


def test_another_legal_representative_changes_what_rested_on_the_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Evaluation] = []
    monkeypatch.setitem(CHANGED._things, "test", lambda _actor, after: told.append(after))
    sound, barred = stage.person, Subject.objects.create(type="person", name="李四")
    stage.say("registry", "person.barred", False, subject=sound)
    stage.say("registry", "person.barred", True, subject=barred)
    relate(stage, sound)
    before = evaluated(stage, "enterprise.head_not_barred")
    unrelated = evaluated(stage, "enterprise.trade == 'C'")
    assert before.uses.get(key="relation:out:legal_representative").related == sound

    end_subject_relation(
        registrar(stage),
        source=stage.firm.ref,
        relation=HEAD,
        target=sound.ref,
        on=date(2026, 10, 31),
    )
    relate(stage, barred, since=date(2026, 11, 1))
    ended, after = Evaluation.objects.filter(revises__isnull=False).order_by("pk")
    assert (ended.revises, ended.outcome["result"]) == (before, "unknown")
    assert (after.revises, after.outcome["result"]) == (ended, "no")
    assert told == [ended, after]
    assert (after.cause and after.cause.sort, after.cause and after.cause.relation) == (
        "relation",
        HEAD,
    )
    assert not unrelated.revisions.exists()
    stage.say("registry", "person.barred", False, subject=barred)
    assert after.revisions.get().outcome["result"] == "yes", (
        "whom it found is looked at from now on"
    )


def test_a_relation_that_was_missing_is_found_by_who_looked_for_it(stage: Stage) -> None:
    branch = stage.subject("甲公司分公司", "9131000000000000A1")
    evaluated(stage, "enterprise.branches >= 1")
    relate(stage, branch, relation="branch")
    assert results() == [("no", False), ("yes", True)]


@pytest.mark.one_database
def test_days_before_the_change_and_other_relations_repeat_nothing(stage: Stage) -> None:
    branch = stage.subject("甲公司分公司", "9131000000000000A1")
    evaluated(stage, "enterprise.branches >= 1", as_of=date(2026, 9, 30))
    relate(stage, branch, relation="branch", since=date(2026, 10, 1))
    relate(stage, stage.person)
    assert results() == [("no", True)]
    assert not FactLoad.objects.filter(sort="relation").exists()
