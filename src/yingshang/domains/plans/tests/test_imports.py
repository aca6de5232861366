"""From file to stored version: what is kept, what is refused, what is recorded."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingshang.documents.errors import FileHarmful, FileTooLarge
from yingshang.domains.plans.actions.imports import (
    confirm_import,
    discard_draft,
    edit_draft,
    place_draft,
    start_import,
    start_revision,
    undo_edit,
)
from yingshang.domains.plans.errors import (
    AlreadyImported,
    DocumentNumberTaken,
    DraftChanged,
    DraftClosed,
    DraftExists,
    DraftHasErrors,
    DraftMissing,
    NothingChanged,
    NothingToUndo,
    OperationInvalid,
    PlanMissing,
)
from yingshang.domains.plans.models import (
    ImportDraft,
    Measure,
    MeasureVersion,
    PlanDocument,
    SourceFile,
)
from yingshang.domains.plans.parsing import NoMeasuresFound
from yingshang.domains.plans.selectors.imports import get_draft_for, list_drafts_for, review_of
from yingshang.domains.plans.stored import state_of
from yingshang.domains.plans.tests.cast import (
    HOME,
    NOBODY,
    OFFICE,
    OTHER,
    PLAN_2025,
    PLAN_2025_REVISED,
    READER,
    import_plan,
    make_organs,
)
from yingshang.kernel.errors import Invalid
from yingshang.ledger.models import Entry
from yingshang.parties.actors import NotPermitted
from yingshang.parties.models import OrganAlias

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organs():
    return make_organs()


def edit(draft: str, operation: str, /, **parameters) -> int:
    return edit_draft(OFFICE, draft=draft, operation=operation, parameters=parameters)


def draft_of(ref: str) -> ImportDraft:
    return ImportDraft.objects.get(ref=ref)


def test_nothing_is_stored_until_it_is_confirmed() -> None:
    ref = import_plan(confirm=False)
    assert not PlanDocument.objects.exists()
    assert len(draft_of(ref).state["measures"]) == 5
    assert bytes(SourceFile.objects.get().content) == PLAN_2025.encode()
    result = confirm_import(OFFICE, draft=ref)
    plan = PlanDocument.objects.get(ref=result.document)
    assert (plan.division, plan.kind, plan.current.sequence) == (HOME, "own", 1)
    assert result.measures == plan.current.measures.count() == 5
    assert draft_of(ref).status == "confirmed"
    kinds = list(Entry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["plans.import_started", "plans.import_confirmed"]


def test_a_confirmed_measure_has_its_units_roles_and_place() -> None:
    plan = import_plan()
    wording = MeasureVersion.objects.get(version=plan.current, number=1)
    units = [(u.name, u.role, u.role_assumed, u.resolution) for u in wording.units.all()]
    assert units == [
        ("区市场监管局", "lead", True, "alias"),
        ("区税务局", "cooperate", True, "alias"),
    ]
    assert [o.key for o in wording.units.all()[0].organs.all()] == ["market"]
    assert wording.source_line == 4
    assert len(wording.sub_actions()) == 2
    assert wording.chapter == "政务环境"


def test_unresolved_names_do_not_hinder_but_are_listed() -> None:
    result = confirm_import(OFFICE, draft=import_plan(confirm=False))
    assert set(result.unresolved) >= {"区城管局", "区发展改革委"}


def test_the_same_bytes_again_change_nothing() -> None:
    plan = import_plan()
    with pytest.raises(AlreadyImported) as refused:
        import_plan()
    assert refused.value.params["document"] == plan.ref
    assert PlanDocument.objects.count() == ImportDraft.objects.count() == 1


def test_the_same_bytes_while_a_draft_is_open_lead_to_it() -> None:
    ref = import_plan(confirm=False)
    with pytest.raises(DraftExists) as refused:
        import_plan(confirm=False)
    assert refused.value.params["draft"] == ref
    discard_draft(OFFICE, draft=ref)
    assert import_plan(confirm=False) != ref


def test_a_new_version_keeps_measures_by_path_and_text_not_by_number() -> None:
    plan = import_plan()
    before = {m.current.text[:6]: m for m in plan.measures.select_related("current")}
    ref = import_plan(PLAN_2025_REVISED, confirm=False, document=plan.ref)
    review = review_of(get_draft_for(OFFICE, ref))
    assert review.changes == {"kept": 3, "changed": 1, "new": 1, "dropped": 1}
    assert [m.difference.change for m in review.measures] == [
        "new",
        "kept",
        "changed",
        "kept",
        "kept",
    ]
    confirm_import(OFFICE, draft=ref)
    plan.refresh_from_db()
    after = {m.current.text[:6]: m for m in plan.measures.select_related("current")}
    for words, number in [("推行企业开办", 2), ("在各街道设立", 4), ("畅通信用修复", 5)]:
        assert after[words] == before[words]
        assert after[words].current.number == number
        assert after[words].key == before[words].key
    dropped = Measure.objects.exclude(dropped_in=None).get()
    assert dropped == before["推行跨部门联"]
    assert plan.current.sequence == 2


def test_a_measure_that_comes_back_is_the_old_one() -> None:
    plan = import_plan()
    old = plan.measures.get(current__number=4)
    import_plan(PLAN_2025_REVISED, document=plan.ref)
    import_plan(PLAN_2025 + "\n", document=plan.ref)
    old.refresh_from_db()
    assert old.dropped_in is None
    assert old.current.version.sequence == 3


def test_a_person_can_say_what_a_measure_continues() -> None:
    plan = import_plan()
    old = plan.measures.get(current__number=4)
    ref = import_plan(PLAN_2025_REVISED, confirm=False, document=plan.ref)
    edit(ref, "link_measure", id="m1", former=old.ref)
    edit(ref, "link_measure", id="m3", former="")
    result = confirm_import(OFFICE, draft=ref)
    assert result.changes == {"kept": 3, "changed": 1, "new": 1, "dropped": 1}
    old.refresh_from_db()
    assert old.current.text.startswith("建立首席服务官")


def test_decisions_about_figures_are_carried_over() -> None:
    ref = import_plan(confirm=False)
    edit(ref, "add_target", id="m3", indicator="走访企业", comparator=">=", value=500, unit="家")
    plan = PlanDocument.objects.get(ref=confirm_import(OFFICE, draft=ref).document)
    ref = import_plan(PLAN_2025_REVISED, confirm=False, document=plan.ref)
    edit(
        ref,
        "add_target",
        id="m4",
        indicator="走访企业",
        comparator=">=",
        value=500,
        unit="家",
        status="proposed",
    )
    confirm_import(OFFICE, draft=ref)
    plan.refresh_from_db()
    wording = plan.current.measures.get(number=4)
    target = wording.targets.get(indicator="走访企业", unit="家", value=500, span_end=0)
    assert (target.status, target.decided_by) == ("confirmed", OFFICE.ref)


def test_names_that_a_person_resolves_are_remembered_by_choice() -> None:
    ref = import_plan(confirm=False)
    edit(ref, "resolve_unit", name="区城管局", organs=["urban"], remember=True)
    edit(ref, "resolve_unit", name="区发展改革委", organs=["reform"], remember=False)
    result = confirm_import(OFFICE, draft=ref)
    assert not {"区城管局", "区发展改革委"} & set(result.unresolved)
    assert OrganAlias.objects.get(name="区城管局", division=HOME).organ.key == "urban"
    assert not OrganAlias.objects.filter(name="区发展改革委").exists()


def test_another_districts_plan_is_reference_only() -> None:
    plan = import_plan(division=OTHER)
    assert (plan.kind, plan.division) == ("reference", OTHER)
    assert not plan.current.measures.filter(units__organs__isnull=False).exists()


def test_corrections_are_kept_in_order_and_can_be_undone() -> None:
    ref = import_plan(confirm=False)
    before = draft_of(ref).state
    edit(ref, "correct_measure", id="m1", title="一窗通办")
    edit(ref, "remove_measure", id="m2")
    assert len(draft_of(ref).state["measures"]) == 4
    undo_edit(OFFICE, draft=ref)
    assert len(draft_of(ref).state["measures"]) == 5
    undo_edit(OFFICE, draft=ref)
    assert draft_of(ref).state == before
    assert draft_of(ref).operations.exclude(undone_at=None).count() == 2
    with pytest.raises(NothingToUndo):
        undo_edit(OFFICE, draft=ref)


def test_two_people_do_not_overwrite_each_other() -> None:
    ref = import_plan(confirm=False)
    revision = draft_of(ref).revision
    edit(ref, "correct_measure", id="m1", title="一")
    with pytest.raises(DraftChanged):
        edit_draft(
            OFFICE,
            draft=ref,
            operation="remove_measure",
            parameters={"id": "m1"},
            revision=revision,
        )
    with pytest.raises(DraftChanged):
        confirm_import(OFFICE, draft=ref, revision=revision)


def test_a_refused_correction_leaves_no_trace() -> None:
    ref = import_plan(confirm=False)
    with pytest.raises(OperationInvalid):
        edit(ref, "remove_measure", id="m99")
    assert draft_of(ref).operations.count() == 0
    assert Entry.objects.count() == 1


def test_what_is_wrong_must_be_corrected_first() -> None:
    ref = import_plan(confirm=False)
    edit(ref, "correct_measure", id="m2", number=1)
    edit(ref, "correct_document", title="")
    with pytest.raises(DraftHasErrors) as refused:
        confirm_import(OFFICE, draft=ref)
    assert set(refused.value.params["codes"]) == {"title_missing", "number_repeated"}
    assert not PlanDocument.objects.exists()


def test_a_revision_without_a_file_makes_a_version_only_if_something_changed() -> None:
    plan = import_plan()
    ref = start_revision(OFFICE, document=plan.ref)
    with pytest.raises(NothingChanged):
        confirm_import(OFFICE, draft=ref)
    with pytest.raises(DraftExists):
        start_revision(OFFICE, document=plan.ref)
    edit(ref, "correct_measure", id="m5", lines="全文改写，另起炉灶。")
    result = confirm_import(OFFICE, draft=ref)
    assert result.changes == {"kept": 4, "changed": 1, "new": 0, "dropped": 0}
    plan.refresh_from_db()
    assert plan.current.source.digest == plan.versions.get(sequence=1).source.digest


def test_a_new_order_alone_is_a_new_version() -> None:
    plan = import_plan()
    ref = start_revision(OFFICE, document=plan.ref)
    edit(ref, "move_measure", id="m5", after="")
    assert confirm_import(OFFICE, draft=ref).version == 2


def test_a_document_number_belongs_to_one_plan() -> None:
    ref = import_plan(confirm=False)
    edit(ref, "correct_document", document_number="某府发〔2025〕1号")
    plan = confirm_import(OFFICE, draft=ref).document
    other = import_plan(PLAN_2025_REVISED, confirm=False)
    place_draft(OFFICE, draft=other, document="")
    edit(other, "correct_document", document_number="某府发〔2025〕1号")
    with pytest.raises(DocumentNumberTaken):
        confirm_import(OFFICE, draft=other)
    place_draft(OFFICE, draft=other, document=plan)
    assert confirm_import(OFFICE, draft=other).version == 2


def test_the_same_title_and_year_is_taken_for_a_new_version() -> None:
    plan = import_plan()
    ref = import_plan(PLAN_2025_REVISED, confirm=False)
    assert draft_of(ref).document == plan


def test_a_closed_draft_cannot_be_touched() -> None:
    ref = import_plan(confirm=False)
    discard_draft(OFFICE, draft=ref)
    for attempt in (
        lambda: edit(ref, "renumber"),
        lambda: undo_edit(OFFICE, draft=ref),
        lambda: discard_draft(OFFICE, draft=ref),
        lambda: confirm_import(OFFICE, draft=ref),
        lambda: place_draft(OFFICE, draft=ref),
    ):
        with pytest.raises(DraftClosed):
            attempt()


def test_what_is_not_there_is_missing() -> None:
    for attempt in (
        lambda: edit("nothing", "renumber"),
        lambda: confirm_import(OFFICE, draft="nothing"),
        lambda: get_draft_for(OFFICE, "nothing"),
    ):
        with pytest.raises(DraftMissing):
            attempt()
    with pytest.raises(PlanMissing):
        start_revision(OFFICE, document="nothing")
    with pytest.raises(PlanMissing):
        import_plan(document="nothing")


@pytest.mark.parametrize("actor", [NOBODY, READER])
def test_without_the_permission_nothing_is_imported(actor) -> None:
    ref = import_plan(confirm=False)
    for attempt in (
        lambda: start_import(actor, filename="x.txt", content=PLAN_2025),
        lambda: edit_draft(actor, draft=ref, operation="renumber", parameters={}),
        lambda: undo_edit(actor, draft=ref),
        lambda: place_draft(actor, draft=ref),
        lambda: discard_draft(actor, draft=ref),
        lambda: confirm_import(actor, draft=ref),
        lambda: start_revision(actor, document="x"),
        lambda: list_drafts_for(actor),
        lambda: get_draft_for(actor, ref),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_files_that_are_no_plans_are_refused_plainly() -> None:
    with pytest.raises(FileTooLarge):
        start_import(OFFICE, filename="x.txt", content=b"1" * (10 * 1024 * 1024 + 1))
    with pytest.raises(NoMeasuresFound):
        start_import(OFFICE, filename="x.txt", content="今天天气不错。")
    with_macro = io.BytesIO()
    with zipfile.ZipFile(with_macro, "w") as package:
        for name in ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"):
            package.writestr(name, "<w:document/>")
    for content in (with_macro.getvalue(), b"PK\x03\x04", b"Rar!\x1a", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(Invalid):
            start_import(OFFICE, filename="方案.docx", content=content)
    assert not SourceFile.objects.exists()


def test_the_scanner_sees_a_plan_before_the_parser_and_its_word_counts(settings) -> None:
    settings.SCAN_COMMAND = "false"
    with pytest.raises(FileHarmful):
        start_import(OFFICE, filename="a.txt", content=PLAN_2025)
    assert not SourceFile.objects.exists()
    settings.SCAN_COMMAND = "true"
    start_import(OFFICE, filename="a.txt", content=PLAN_2025)
    assert SourceFile.objects.get().scanned


def test_a_path_in_the_file_name_is_cut_off() -> None:
    start_import(OFFICE, filename="../../etc/计划\x00.txt", content=PLAN_2025)
    assert SourceFile.objects.get().filename == "计划.txt"


def test_storing_a_large_plan_takes_a_bounded_number_of_queries() -> None:
    lines = [
        f"{n}.第{n}项工作，编号{n * 7919}。(责任单位:区市场监管局、区税务局)" for n in range(1, 301)
    ]
    ref = import_plan("某区2025年方案\n一、总则\n" + "\n".join(lines), confirm=False)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        confirm_import(OFFICE, draft=ref)
    assert len(queries) < 70
    plan = PlanDocument.objects.get()
    assert plan.current.measures.count() == 300
    assert len(state_of(plan.current)["measures"]) == 300
