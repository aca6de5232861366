"""Publishing, resolving names, deciding on figures and on pairs: the change, the record, the refusals."""

import pytest

from yingshang.domains.plans.actions.comparison import decide_match
from yingshang.domains.plans.actions.imports import confirm_import, edit_draft
from yingshang.domains.plans.actions.publication import publish_plan, unpublish_plan
from yingshang.domains.plans.actions.targets import decide_target
from yingshang.domains.plans.actions.units import forget_name, resolve_unit
from yingshang.domains.plans.errors import (
    AlreadyPublished,
    MeasureMissing,
    NotPublished,
    OperationInvalid,
    OrganUnknown,
    PlanMissing,
    ReferenceNotPublishable,
    ResolutionEmpty,
    SamePlan,
    TargetMissing,
    TargetNotOpen,
    UnitNameUnknown,
)
from yingshang.domains.plans.models import MeasureUnit, PlanDocument, TargetProposal
from yingshang.domains.plans.selectors.comparison import compare_plans_for
from yingshang.domains.plans.selectors.library import (
    get_published_measure,
    get_published_plan,
    list_published_plans,
)
from yingshang.domains.plans.selectors.units import list_names_for
from yingshang.domains.plans.tests.cast import (
    HOME,
    NOBODY,
    OFFICE,
    OTHER,
    PLAN_2025_REVISED,
    READER,
    import_plan,
    make_organs,
)
from yingshang.kernel.times import today
from yingshang.ledger.models import Entry
from yingshang.parties.actions.aliases import add_alias, remove_alias
from yingshang.parties.actions.organs import merge_organ
from yingshang.parties.actors import ANONYMOUS, NotPermitted, system_actor
from yingshang.parties.errors import AliasTaken, NameStaysTheOrgans, NoSuchAlias
from yingshang.parties.models import Organ, OrganAlias
from yingshang.parties.permissions import MANAGE_ALIASES, MANAGE_ORGANS
from yingshang.search.finding import search_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organs():
    return make_organs()


@pytest.fixture
def plan() -> PlanDocument:
    return import_plan()


def last_kind() -> str:
    return Entry.objects.order_by("-pk")[0].kind


def found(query: str, actor=ANONYMOUS, face="portal") -> list[str]:
    return [hit.kind for hit in search_for(actor, query, face=face).hits]


def test_a_published_plan_is_readable_and_findable_by_everybody(plan) -> None:
    assert found("企业开办一窗") == []
    publish_plan(OFFICE, document=plan.ref)
    assert list(list_published_plans()) == [plan]
    assert get_published_plan(plan.ref).measure_count == 5
    measure = plan.measures.get(current__number=1)
    assert get_published_measure(measure.ref).number == 1
    assert found("企业开办一窗") == ["measure"]
    assert "plan" in found("2025")
    assert last_kind() == "plans.plan_published"
    with pytest.raises(AlreadyPublished):
        publish_plan(OFFICE, document=plan.ref)


def test_an_unpublished_plan_is_gone_from_the_portal_and_stays_on_the_desk(plan) -> None:
    publish_plan(OFFICE, document=plan.ref)
    unpublish_plan(OFFICE, document=plan.ref, reason="有误")
    assert found("企业开办一窗") == []
    assert found("企业开办一窗", READER, "desk") == ["measure"]
    assert found("企业开办一窗", NOBODY, "desk") == []
    with pytest.raises(PlanMissing):
        get_published_plan(plan.ref)
    with pytest.raises(MeasureMissing):
        get_published_measure(plan.measures.first().ref)
    with pytest.raises(NotPublished):
        unpublish_plan(OFFICE, document=plan.ref)


def test_a_new_version_of_a_published_plan_replaces_what_is_found(plan) -> None:
    publish_plan(OFFICE, document=plan.ref)
    import_plan(PLAN_2025_REVISED, document=plan.ref)
    assert found("首席服务官") == ["measure"]
    assert found("跨部门联合检查") == []


def test_a_reference_plan_cannot_be_published() -> None:
    reference = import_plan(division=OTHER)
    with pytest.raises(ReferenceNotPublishable):
        publish_plan(OFFICE, document=reference.ref)


def test_a_resolved_name_holds_for_every_measure_and_for_later_ones(plan, organs) -> None:
    count = resolve_unit(OFFICE, name="区发展改革委", organs=["reform"], division=HOME)
    assert count == MeasureUnit.objects.filter(name="区发展改革委").count() == 1
    unit = MeasureUnit.objects.get(name="区发展改革委")
    assert (unit.resolution, [o.key for o in unit.organs.all()]) == ("alias", ["reform"])
    assert last_kind() == "plans.unit_resolved"
    names = {n.name: n.open_count for n in list_names_for(READER, HOME)}
    assert names["区发展改革委"] == 0
    assert names["区城管局"] == 1


def test_a_group_is_expanded_generally_or_in_one_measure(plan) -> None:
    group = next(u for u in MeasureUnit.objects.filter(wording__number=3) if "街道" in u.name)
    measure = group.wording.measure.ref
    resolve_unit(
        OFFICE, name=group.name, organs=["east-street"], division=HOME, measure=measure, group=True
    )
    group.refresh_from_db()
    assert (group.resolution, group.is_group) == ("person", True)
    resolve_unit(OFFICE, name=group.name, organs=["east-street", "west-street"], division=HOME)
    assert [o.key for o in group.organs.all()] == ["east-street"]
    import_plan(PLAN_2025_REVISED, document=plan.ref)
    later = MeasureUnit.objects.get(name=group.name, wording__version__sequence=2)
    assert {o.key for o in later.organs.all()} == {"east-street", "west-street"}


def test_a_forgotten_name_is_open_again_but_an_organ_keeps_its_own(plan) -> None:
    resolve_unit(OFFICE, name="区城管局", organs=["reform"], division=HOME)
    forget_name(OFFICE, name="区城管局", division=HOME)
    unit = MeasureUnit.objects.filter(name="区城管局")[0]
    assert (unit.resolution, unit.organs.count()) == ("", 0)
    with pytest.raises(NoSuchAlias):
        forget_name(OFFICE, name="区城管局", division=HOME)
    own = Organ.objects.get(key="tax").name
    with pytest.raises(NameStaysTheOrgans):
        forget_name(OFFICE, name=own, division=HOME)
    with pytest.raises(AliasTaken):
        resolve_unit(OFFICE, name=own, organs=["market"], division=HOME)


def test_there_is_one_alias_table_wherever_it_is_changed(plan) -> None:
    keeper = system_actor("test", MANAGE_ALIASES)
    units = MeasureUnit.objects.filter(name="区城管局")
    add_alias(keeper, organ="reform", name="区城管局")
    assert set(units.values_list("organs__key", flat=True)) == {"reform"}
    with pytest.raises(AliasTaken):
        add_alias(keeper, organ="market", name="区城管局")
    resolve_unit(OFFICE, name="区城管局", organs=["market"], division=HOME)
    assert set(units.values_list("organs__key", flat=True)) == {"market"}
    assert OrganAlias.objects.filter(name="区城管局").count() == 1
    remove_alias(keeper, division=HOME, name="区城管局")
    assert set(units.values_list("resolution", flat=True)) == {""}
    kinds = list(
        Entry.objects.filter(kind__startswith="parties.alias").values_list("kind", flat=True)
    )
    assert kinds == ["parties.alias_added", "parties.alias_added", "parties.alias_removed"]


def test_the_measures_of_a_merged_organ_go_to_its_successor(plan) -> None:
    resolve_unit(
        OFFICE, name="各街道、园区", organs=["east-street", "park"], division=HOME, group=True
    )
    root = system_actor("test", MANAGE_ORGANS)
    merge_organ(root, organ="tax", successor="market", on=today())
    merge_organ(root, organ="east-street", successor="west-street", on=today())
    units = MeasureUnit.objects.filter(wording__version=plan.current)
    assert set(units.filter(name="区税务局").values_list("organs__key", flat=True)) == {"market"}
    group = units.get(name="各街道、园区")
    assert {organ.key for organ in group.organs.all()} == {"west-street", "park"}


def test_what_a_name_cannot_mean_is_refused(plan) -> None:
    with pytest.raises(OrganUnknown):
        resolve_unit(OFFICE, name="区城管局", organs=["moon"], division=HOME)
    with pytest.raises(ResolutionEmpty):
        resolve_unit(OFFICE, name="区城管局", organs=[], division=HOME)
    with pytest.raises(UnitNameUnknown):
        resolve_unit(OFFICE, name="天上局", organs=["urban"], division=HOME, document=plan.ref)


@pytest.fixture
def target() -> TargetProposal:
    ref = import_plan(confirm=False)
    edit_draft(
        OFFICE,
        draft=ref,
        operation="add_target",
        parameters={
            "id": "m3",
            "indicator": "走访",
            "value": 500,
            "unit": "家次",
            "words": "走访企业500家",
            "status": "proposed",
        },
    )
    confirm_import(OFFICE, draft=ref)
    return TargetProposal.objects.get(unit="家次")


def test_a_figure_is_confirmed_with_changes_or_rejected(target) -> None:
    decide_target(OFFICE, target=target.ref, status="confirmed", value="600", deadline="2025-12-31")
    target.refresh_from_db()
    assert (target.status, target.value, str(target.deadline)) == ("confirmed", 600, "2025-12-31")
    assert target.wording.text[target.span_start : target.span_end] == "走访企业500家"
    decide_target(OFFICE, target=target.ref, status="rejected", deadline="")
    target.refresh_from_db()
    assert (target.status, target.value, target.deadline) == ("rejected", 600, None)
    assert last_kind() == "plans.target_decided"


def test_a_figure_that_cannot_be_is_refused(target) -> None:
    with pytest.raises(OperationInvalid):
        decide_target(OFFICE, target=target.ref, status="confirmed", value="许多")
    with pytest.raises(TargetMissing):
        decide_target(OFFICE, target="nothing", status="confirmed")
    import_plan(PLAN_2025_REVISED, document=target.wording.version.document.ref)
    with pytest.raises(TargetNotOpen):
        decide_target(OFFICE, target=target.ref, status="confirmed")


@pytest.fixture
def other() -> PlanDocument:
    return import_plan(PLAN_2025_REVISED, division=OTHER)


def test_two_plans_are_compared_by_content(plan, other) -> None:
    comparison = compare_plans_for(OFFICE, plan.ref, other.ref)
    assert [
        (r.change, r.left and r.left.number, r.right and r.right.number) for r in comparison.rows
    ] == [
        ("new", None, 1),
        ("kept", 1, 2),
        ("changed", 2, 3),
        ("kept", 3, 4),
        ("kept", 5, 5),
        ("dropped", 4, None),
    ]
    back = compare_plans_for(OFFICE, other.ref, plan.ref)
    assert back.count("kept") == 3
    assert 60 < comparison.rows[2].percent < 100


def test_decisions_about_pairs_are_kept_and_can_be_withdrawn(plan, other) -> None:
    left = {m.current.number: m.ref for m in plan.measures.all()}
    right = {m.current.number: m.ref for m in other.measures.all()}
    decide_match(OFFICE, left=left[4], right=right[1], verdict="linked", reason="承接")
    decide_match(OFFICE, left=right[3], right=left[2], verdict="unlinked")
    comparison = compare_plans_for(OFFICE, plan.ref, other.ref)
    rows = {r.right.number: r for r in comparison.rows if r.right}
    assert rows[1].left.number == 4
    assert rows[1].decision.reason == "承接"
    assert rows[3].left is None
    assert compare_plans_for(OFFICE, other.ref, plan.ref).count("dropped") == 1
    decide_match(OFFICE, left=left[4], right=right[1], verdict="open")
    assert compare_plans_for(OFFICE, plan.ref, other.ref).rows[0].change == "new"
    assert last_kind() == "plans.match_decided"


def test_a_measure_is_linked_with_one_of_the_other_plan_at_most(plan, other) -> None:
    left = {m.current.number: m.ref for m in plan.measures.all()}
    right = {m.current.number: m.ref for m in other.measures.all()}
    decide_match(OFFICE, left=left[4], right=right[1], verdict="linked")
    decide_match(OFFICE, left=left[4], right=right[3], verdict="linked")
    rows = compare_plans_for(OFFICE, plan.ref, other.ref).rows
    assert [r.left.number for r in rows if r.right and r.right.number == 3] == [4]
    assert [r.change for r in rows if r.right and r.right.number == 1] == ["new"]


def test_pairs_that_cannot_be_are_refused(plan, other) -> None:
    refs = list(plan.measures.values_list("ref", flat=True))
    with pytest.raises(SamePlan):
        decide_match(OFFICE, left=refs[0], right=refs[1], verdict="linked")
    with pytest.raises(MeasureMissing):
        decide_match(OFFICE, left=refs[0], right="nothing", verdict="linked")
    with pytest.raises(SamePlan):
        compare_plans_for(OFFICE, plan.ref, plan.ref)
    with pytest.raises(PlanMissing):
        compare_plans_for(OFFICE, plan.ref, "nothing")


@pytest.mark.parametrize("actor", [NOBODY, READER])
def test_without_the_permission_nothing_happens(actor, plan) -> None:
    for attempt in (
        lambda: publish_plan(actor, document=plan.ref),
        lambda: unpublish_plan(actor, document=plan.ref),
        lambda: resolve_unit(actor, name="区城管局", organs=["urban"], division=HOME),
        lambda: forget_name(actor, name="区税务局", division=HOME),
        lambda: decide_target(actor, target="x", status="confirmed"),
        lambda: decide_match(actor, left="x", right="y", verdict="linked"),
        lambda: compare_plans_for(actor, plan.ref, "x"),
    ):
        with pytest.raises(NotPermitted):
            attempt()
