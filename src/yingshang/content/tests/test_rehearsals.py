"""A rehearsal tells the truth: it fails when the platform does otherwise, and leaves nothing behind."""

from datetime import datetime
from textwrap import indent

import pytest

from yingshang.content.linting import lint_packs
from yingshang.content.models import ContentVersion
from yingshang.content.rehearsing import Outcome, StepFailed, list_rehearsals, rehearse, resolve
from yingshang.content.tests.conftest import ROLE
from yingshang.content.views import VIEWS, view
from yingshang.kernel.times import SHANGHAI, today
from yingshang.ledger.models import Entry
from yingshang.ledger.recording import record
from yingshang.parties.acting import ACTIONS, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Person

SETTING = """\
key: trial
title: 试一试
given:
  at: 2026-02-13T09:00
  organs: [{key: office, name: 办公室}]
  cast:
    wang: {name: 王敏, roles: [clerk], organ: office}
    li: {name: 李强, organ: office}
steps:
"""


@pytest.fixture(autouse=True)
def _notes():
    @action("trial.note", permission="content.load")
    def note(actor: Actor, *, text: str) -> dict[str, str]:
        record("trial.noted", actor=actor.ref, subject="trial:1", payload={"text": text})
        return {"text": text, "on": today().isoformat()}

    @view("trial.notes")
    def notes(actor: Actor) -> list[dict[str, str]]:
        return [
            {"by": actor.name, "kind": e.kind} for e in Entry.objects.filter(kind="trial.noted")
        ]

    yield
    ACTIONS._things.pop("trial.note")
    VIEWS._things.pop("trial.notes")


def run(packs, steps: str) -> Outcome:
    packs("one", roles__clerk=ROLE, rehearsals__trial=SETTING + indent(steps, "  "))
    assert lint_packs() == []
    ((name, rehearsal),) = list_rehearsals()
    return rehearse(name, rehearsal)


NOTE = "- {do: trial.note, as: wang, with: {text: a}, save: note}\n"


@pytest.mark.django_db
def test_a_rehearsal_that_holds_leaves_nothing_behind(packs) -> None:
    outcome = run(
        packs,
        NOTE
        + "- {wait: 5 working days}\n"
        + '- {do: trial.note, as: wang, with: {text: "${note.text}${note.on}"}, save: next}\n'
        + "- {do: trial.note, as: li, with: {text: b}, refused: {code: not_permitted}}\n"
        + "- {expect: trial.notes, as: li, has: [{by: 李强}], count: 2, save: seen}\n",
    )
    assert outcome == Outcome("one", "trial", True)
    assert not Entry.objects.exists()
    assert not Person.objects.exists()
    assert not ContentVersion.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("steps", "failed", "says"),
    [
        (NOTE + "- {expect: trial.notes, as: wang, count: 2}", 2, "应有 2 项，实有 1 项"),
        (NOTE + "- {expect: trial.notes, as: wang, is: [{kind: x}]}", 2, "应为 'x'"),
        (NOTE + "- {expect: trial.notes, as: wang, lacks: [{by: 王敏}]}", 2, "不应看到"),
        (NOTE + "- {expect: trial.notes, as: wang, has: [{by: 李强}]}", 2, "没有看到"),
        ("- {do: trial.note, as: li, with: {text: b}}", 1, "not_permitted"),
        (NOTE.replace("save: note", "refused: {code: conflict}"), 1, "却办成了"),
        ("- {do: trial.note, as: li, with: {text: b}, refused: {code: missing}}", 1, "实际是"),
        ("- {do: trial.note, as: wang, with: {txt: b}}", 1, "wrong_parameters"),
        ('- {do: trial.note, as: wang, with: {text: "${none.ref}"}}', 1, "这里没有 none"),
    ],
)
def test_a_rehearsal_fails_at_the_step_that_went_otherwise(packs, steps, failed, says) -> None:
    outcome = run(packs, steps + "\n")
    assert (outcome.ok, outcome.failed_step) == (False, failed)
    assert says in outcome.why


@pytest.mark.django_db
def test_waiting_skips_the_spring_festival(packs) -> None:
    outcome = run(
        packs,
        "- {wait: 5 working days}\n"
        + NOTE
        + "- {expect: trial.notes, as: wang, count: 1}\n"
        + '- {do: trial.note, as: wang, with: {text: "${note.on}x", more: 1}}\n',
    )
    assert "more" in outcome.why
    assert resolve("${a.on}", {"a": {"on": 3}}) == 3
    with pytest.raises(StepFailed):
        resolve("${a.__class__}", {"a": datetime(2026, 2, 27, tzinfo=SHANGHAI)})


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("- {do: trial.nothing, as: wang}", "unknown_action"),
        ("- {expect: trial.nothing, as: wang}", "unknown_view"),
        ("- {expect: trial.notes, as: nobody}", "unknown_cast"),
        ("- {expect: trial.notes}", "value_error"),
        ("- {wait: a while}", "value_error"),
    ],
)
def test_lint_knows_actions_views_and_people(packs, step: str, code: str) -> None:
    packs("one", roles__clerk=ROLE, rehearsals__trial=SETTING + "  " + step + "\n")
    found = lint_packs()
    assert [(f.code, f.line) for f in found] == [(code, 10)]
