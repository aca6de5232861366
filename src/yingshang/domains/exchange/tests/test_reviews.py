"""A decision that rests on a corrected fact waits for a person, who changes it on a named ground."""

import pytest

from tests.demonstration import build_demonstration, client_of
from yingshang.cases.actions import act
from yingshang.cases.errors import FieldRequired, ReasonRequired
from yingshang.cases.models import Case
from yingshang.facts.actions.evaluations import rest_decision
from yingshang.facts.actions.recording import correct_value
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.demo import _owner
from yingshang.facts.listeners import DECISIONS, DecisionInfo, DecisionSort
from yingshang.facts.models import Evaluation, Reading
from yingshang.ledger.models import Entry
from yingshang.parties.demo import demo_actor
from yingshang.parties.models import Organ

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(db: None) -> None:
    build_demonstration()


def correct(content: int) -> None:
    evaluation = Evaluation.objects.filter(rule__rule="demo-jobs").order_by("pk")[0]
    correct_value(
        _owner(current_catalogue(), "statistics"),
        subject=evaluation.subject.ref,
        key="enterprise.employees",
        content=content,
        reason="核实",
    )


def reviews() -> list[Case]:
    """Return the reviews of what rests on the rule that is tried here; other rules have theirs."""
    found = Case.objects.filter(procedure="decision-review").order_by("pk")
    tried = set(Evaluation.objects.filter(rule__rule="demo-jobs").values_list("ref", flat=True))
    return [one for one in found if tried & {str(value) for value in one.data.values()}]


def test_a_review_goes_to_whose_decision_it_is_and_only_a_person_changes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes: list[tuple[str, str, str]] = []
    finance = Organ.objects.get(key="qj-finance")
    monkeypatch.setitem(
        DECISIONS._things,
        "award",
        DecisionSort(
            "award",
            lambda ref: DecisionInfo(f"奖励决定 {ref}", finance.pk),
            lambda _actor, ref, ground, reason: changes.append((ref, ground, reason)),
        ),
    )
    latest = Evaluation.objects.get(is_latest=True, rule__rule="demo-jobs")
    assert latest.outcome["result"] == "no"
    assert not reviews(), "nothing was decided on it"
    rest_decision(demo_actor("plan"), evaluation=latest.ref, decision="award:17")
    correct(150)
    (review,) = reviews()
    assert review.holder == finance
    assert "奖励决定 17" in review.title
    assert (review.data["before"], review.data["after"]) == ("不符合", "符合")
    correct(20)
    assert len(reviews()) == 1, "one review at a time for one decision"
    shown = client_of("finance").get(f"/desk/cases/{review.ref}/").content.decode()
    assert "目前结果：不符合" in shown, "the facts changed again while the review was open"
    assert changes == []
    head = demo_actor("finance")
    with pytest.raises(FieldRequired):
        act(head, case=review.ref, action="change", reason="应予支持")
    with pytest.raises(ReasonRequired):
        act(head, case=review.ref, action="change", data={"ground": "favourable"})
    act(head, case=review.ref, action="change", reason="应予支持", data={"ground": "favourable"})
    assert changes == [("17", "favourable", "应予支持")]
    assert Entry.objects.filter(kind="exchange.decision_changed").count() == 1


def test_a_decision_that_is_kept_stays_and_a_new_change_is_reviewed_anew() -> None:
    latest = Evaluation.objects.get(is_latest=True, rule__rule="demo-jobs")
    case = Case.objects.filter(holder__key="qj-market").order_by("pk")[0]
    rest_decision(demo_actor("plan"), evaluation=latest.ref, decision=f"case:{case.ref}")
    correct(150)
    (review,) = reviews()
    assert review.holder == case.holder, "the organ that holds the case decided"
    act(demo_actor("bureau"), case=review.ref, action="keep", reason="不影响结论")
    correct(20)
    assert [one.state for one in reviews()] == ["kept", "open"]
    assert not Entry.objects.filter(kind="exchange.decision_changed").exists()


@pytest.mark.one_database
def test_what_a_rule_said_is_read_for_a_purpose_and_shows_only_what_the_reader_may_see() -> None:
    latest = Evaluation.objects.get(is_latest=True, rule__rule="demo-jobs")
    case = Case.objects.filter(holder__key="qj-market").order_by("pk")[0]
    rest_decision(demo_actor("plan"), evaluation=latest.ref, decision=f"case:{case.ref}")
    correct(150)
    address = (
        f"/desk/evaluations/{Evaluation.objects.get(is_latest=True, rule__rule='demo-jobs').ref}/"
    )
    count = Reading.objects.count()
    bare = client_of("plan").get(address).content.decode()
    assert "核对结果" not in bare
    assert Reading.objects.count() == count
    (review,) = reviews()
    for user, sees in (("bureau", True), ("clerk", False)):
        shown = client_of(user).get(f"{address}?purpose=service").content.decode()
        assert "核对结果" in shown
        assert (review.ref in shown) is sees, user
        assert "更正 核实" not in shown, "the reason of another organ"
    assert Reading.objects.count() == count + 2
