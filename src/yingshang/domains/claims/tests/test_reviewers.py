"""What experts and officers do at once, or to those to whom they belong."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from tests.kept import kept
from yingshang.cases.models import Case
from yingshang.content.actions import load_packs
from yingshang.content.models import ContentVersion
from yingshang.content.permissions import LOAD
from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.duplicates import digest_of_value
from yingshang.domains.claims.items.book import Item, list_items
from yingshang.domains.claims.joint.deriving import form_key, keep_form
from yingshang.domains.claims.lists.actions import begin_list
from yingshang.domains.claims.models import Claim, ClaimList, Expert, ListSort, Panel, Seat
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.domains.claims.permissions import KEEP_EXPERTS
from yingshang.domains.claims.reviews.actions import Given, close_sheet, give_scores
from yingshang.domains.claims.reviews.experts import (
    enter_expert,
    get_expert_for,
    grounds_to_recuse,
    retire_expert,
)
from yingshang.domains.claims.reviews.portal import SheetForm
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Account, Mandate, Organ, Person, Subject

FIRM = "清江机械（集团）有限公司"


def _load() -> None:
    actor = system_actor("test", LOAD)
    kept("counters", lambda: load_packs(actor, names=("demo-district",)) and None)


def _item() -> Item:
    return next(one for one in list_items() if one.declared.way == "scored")


def _round(item: Item) -> ClaimList:
    officer = Actor("account:officer", organ_id=item.organ.pk)
    with transaction.atomic():
        listed = begin_list(officer, item, ListSort.SCORED)
        assert move_on(organ_actor(item.organ), listed.case_id, "drawn")
    return listed


def _seats(listed: ClaimList, *names: str) -> list[tuple[Actor, Seat]]:
    panel = Panel.objects.create(listed=listed, draw="draw", sources=[])
    found = []
    for name in names:
        person = Person.objects.create(name=name)
        expert = Expert.objects.create(
            person=person, field="x", employer="云州大学", entered_by="test", entered_at=now()
        )
        seat = Seat.objects.create(panel=panel, expert=expert, seated_at=now())
        found.append((Actor(f"account:{name}", account_id=person.pk, person_id=person.pk), seat))
    return found


def _claim(item: Item, listed: ClaimList, subject: Subject) -> Claim:
    claim = open_claim(
        Actor("account:officer", organ_id=item.organ.pk), Opened(item, subject, listed=listed)
    )
    Case.objects.filter(pk=claim.case_id).update(state="in_review")
    return claim


@pytest.mark.django_db
@pytest.mark.one_database
def test_who_came_to_act_for_an_applicant_scores_no_more() -> None:
    _load()
    item = _item()
    listed, firm = _round(item), Subject.objects.create(type="enterprise", name=FIRM, code="91X")
    claim = _claim(item, listed, firm)
    ((expert, seat),) = _seats(listed, "甲")
    assert item.declared.scoring is not None
    given = (Given(claim=claim.ref, criterion=item.declared.scoring.criteria[0].key, points=1),)
    give_scores(expert, seat=seat.ref, scores=given)
    Mandate.objects.create(person_id=expert.person_id, subject=firm, assurance=1)
    for attempt in (
        lambda: give_scores(expert, seat=seat.ref, scores=given),
        lambda: close_sheet(expert, seat=seat.ref),
    ):
        with pytest.raises(DomainError, match=r"代表申报企业办事.*请申请回避"):
            attempt()


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_comment_without_points_is_not_lost_in_silence() -> None:
    _load()
    item = _item()
    listed, firm = _round(item), Subject.objects.create(type="enterprise", name=FIRM, code="91X")
    claim = _claim(item, listed, firm)
    ((_expert, seat),) = _seats(listed, "甲")
    assert item.declared.scoring is not None
    criteria = item.declared.scoring.criteria
    said = {f"{claim.ref}-comment": "技术路线清楚"}
    form = SheetForm(said, claim, criteria, seat)
    assert not form.is_valid()
    assert "评语随分数一起保存" in str(form.errors["comment"])
    form = SheetForm({**said, f"{claim.ref}-{criteria[0].key}": "0"}, claim, criteria, seat)
    assert form.is_valid()
    assert [one.comment for one in form.given()] == ["技术路线清楚"]


def _head(organ: Organ) -> Actor:
    return Actor(f"account:{organ.key}", organ_id=organ.pk, permissions=frozenset({KEEP_EXPERTS}))


@pytest.mark.django_db
@pytest.mark.one_database
def test_only_the_organ_that_draws_from_a_field_keeps_its_experts() -> None:
    _load()
    item = _item()
    assert item.declared.scoring is not None
    own, other = _head(item.organ), _head(Organ.objects.get(key="qj-market"))
    person = Person.objects.create(name="丙")
    Account.objects.create(person=person, username="expert-c")
    given = {"account": "expert-c", "field": item.declared.scoring.field, "employer": "云州大学"}
    with pytest.raises(DomainError, match="本单位评审用到的领域"):
        enter_expert(other, **given)
    made = enter_expert(own, **given)
    for _attempt in ("kept by its organ", "entered before keepers were stored"):
        with pytest.raises(DomainError, match="只有登记单位可以"):
            retire_expert(other, expert=made.ref, reason="不合适")
        with pytest.raises(DomainError, match="只有登记单位可以"):
            get_expert_for(other, made.ref)
        Expert.objects.filter(pk=made.pk).update(keeper=None)
    assert retire_expert(own, expert=made.ref, reason="本人申请").valid_to is not None


@pytest.mark.django_db
@pytest.mark.one_database
def test_an_employer_spelled_otherwise_is_the_same_employer() -> None:
    firm = Subject.objects.create(type="enterprise", name=FIRM, code="91X")
    person = Person.objects.create(name="乙")
    expert = Expert(ref="e", person=person, field="x", employer=" 清江机械(集团) 有限公司")
    assert "任职" in grounds_to_recuse([expert], [firm])["e"]


def test_full_width_digits_are_the_same_evidence() -> None:
    assert digest_of_value("invoice", "２６３３ 97-05") == digest_of_value("invoice", "26339705")


def _at_once(*all_of_it: Callable[[], object]) -> list[str]:
    """Run everything at the same moment in a transaction of its own; return how each ended."""
    ready, ended = threading.Barrier(len(all_of_it)), []

    def run(one: Callable[[], object]) -> None:
        ready.wait()
        try:
            with transaction.atomic():
                one()
            ended.append("done")
        except (DomainError, DatabaseError) as error:
            ended.append(getattr(error, "code", repr(error)))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in all_of_it]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return sorted(ended)


@pytest.mark.django_db(transaction=True)
def test_what_two_begin_at_the_same_moment_is_there_once() -> None:
    _load()
    item = _item()
    officer = Actor("account:officer", organ_id=item.organ.pk)
    opened = _at_once(*[lambda: begin_list(officer, item, ListSort.SCORED)] * 3)
    assert opened == ["claim_list_open", "claim_list_open", "done"]
    assert _at_once(*[lambda: keep_form(officer, item)] * 3) == ["done"] * 3
    assert ContentVersion.objects.filter(key=form_key(item.key)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_in_the_last_sheets_at_once_end_the_round() -> None:
    _load()
    listed = _round(_item())
    seats = _seats(listed, "甲", "乙")
    ended = _at_once(*[partial(close_sheet, one, seat=seat.ref) for one, seat in seats])
    assert ended == ["done", "done"]
    assert Case.objects.get(pk=listed.case_id).state != "scoring"
