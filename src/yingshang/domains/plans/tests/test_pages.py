"""The pages of the measure library: what they show, refuse and change; and that lists stay cheap."""

import re
from functools import partial

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yingshang.domains.plans.actions.imports import edit_draft
from yingshang.domains.plans.actions.publication import publish_plan
from yingshang.domains.plans.desk.corrections import OPERATION_LABELS
from yingshang.domains.plans.drafting.operations import OPERATIONS
from yingshang.domains.plans.models import (
    ImportDraft,
    MatchDecision,
    MeasureUnit,
    PlanDocument,
    TargetProposal,
)
from yingshang.domains.plans.tests.cast import (
    HOME,
    OFFICE,
    OTHER,
    PLAN_2025,
    PLAN_2025_REVISED,
    import_plan,
    make_organs,
)
from yingshang.parties.models import Account, Mandate, Organ, OrganAlias, Person, Role

pytestmark = pytest.mark.django_db
EVERYTHING = [
    "plans.read",
    "plans.import",
    "plans.confirm",
    "plans.publish",
    "plans.resolve_units",
    "plans.decide_targets",
    "plans.compare",
]


def browser(username: str, permissions: list[str]) -> Client:
    """Return a browser in which an official with these permissions is signed in."""
    role = Role.objects.create(key=username, label=username, permissions=permissions)
    person = Person.objects.create(name="何静")
    mandate = Mandate.objects.create(person=person, organ=Organ.objects.get(key="reform"))
    mandate.roles.set([role])
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(
        Account.objects.create_user(username, "a-long-password-1", person),
        backend=settings.AUTHENTICATION_BACKENDS[-1],
    )
    return client


@pytest.fixture(autouse=True)
def organs():
    return make_organs()


@pytest.fixture
def office() -> Client:
    return browser("office", EVERYTHING)


@pytest.fixture
def plan() -> PlanDocument:
    return import_plan()


def at(name: str, *args: object) -> str:
    return reverse(name, args=args)


def text(response) -> str:
    return response.content.decode()


def test_a_file_becomes_a_draft_and_the_draft_a_plan(office: Client) -> None:
    file = SimpleUploadedFile("方案.txt", PLAN_2025.encode())
    answer = office.post(at("desk:plan-import-new"), {"file": file, "kind": "own"})
    draft = ImportDraft.objects.get()
    assert answer.url == at("desk:plan-draft", draft.ref)
    shown = text(office.get(answer.url))
    assert "原文第 4 行" in shown
    assert "单位名称“区城管局”尚未对应到机构" in shown
    answer = office.post(at("desk:draft-confirm", draft.ref), {"revision": draft.revision})
    plan = PlanDocument.objects.get()
    assert answer.url == at("desk:plan", plan.ref)
    shown = text(office.get(answer.url))
    assert "推行企业开办一窗通办" in shown
    assert "由何静确认" in shown


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\x00\x01", "文件"), ("没有举措。".encode(), "举措"), (b"", "空")],
)
def test_a_file_that_is_no_plan_is_told_beside_the_field(office, content, sentence) -> None:
    file = SimpleUploadedFile("x.txt", content)
    answer = office.post(at("desk:plan-import-new"), {"file": file, "kind": "own"})
    assert answer.status_code == 422
    assert 'id="id_file"' in text(answer)
    assert sentence in text(answer)


def test_a_known_file_leads_to_what_it_became(office: Client, plan: PlanDocument) -> None:
    file = SimpleUploadedFile("again.txt", PLAN_2025.encode())
    answer = office.post(at("desk:plan-import-new"), {"file": file, "kind": "own"}, follow=True)
    assert answer.request["PATH_INFO"] == at("desk:plan", plan.ref)
    assert "没有变化" in text(answer)


def test_a_measure_is_corrected_beside_its_source(office: Client) -> None:
    ref = import_plan(confirm=False)
    where = at("desk:draft-measure", ref, "m1")
    form = {
        "number": 1,
        "chapter": "政务环境",
        "section": "便捷办事",
        "title": "一窗通办",
        "lines": "推行企业开办一窗通办，办理时限由5个工作日缩短至1个工作日。\r\n公布办事清单。",
        "units": "区市场监管局｜牵头\n区税务局｜配合",
        "due": "2025-06-30",
        "and_next": "1",
    }
    answer = office.post(where, form)
    assert answer.url == at("desk:draft-measure", ref, "m2")
    draft = ImportDraft.objects.get(ref=ref)
    measure = draft.state["measures"][0]
    assert (measure["title"], measure["due"]) == ("一窗通办", "2025-06-30")
    assert [u["role"] for u in measure["units"]] == ["lead", "cooperate"]
    assert set(draft.operations.get().parameters) == {"id", "title", "units", "due"}
    assert office.post(where, {**form, "lines": ""}).status_code == 422
    assert office.get(at("desk:draft-measure", ref, "m99")).status_code == 422


@pytest.mark.parametrize(
    ("verb", "data", "count"),
    [
        ("merge", {"id": "m1"}, 4),
        ("remove", {"id": "m1"}, 4),
        ("split", {"id": "m1", "after": "1"}, 6),
        ("move", {"id": "m1", "after": "m3", "headings": "1"}, 5),
        ("accept", {"id": "m1"}, 5),
        ("renumber", {}, 5),
    ],
)
def test_single_corrections_and_their_undoing(office: Client, verb, data, count) -> None:
    ref = import_plan(confirm=False)
    before = ImportDraft.objects.get(ref=ref).state
    assert office.post(at("desk:draft-change", ref, verb), data).status_code == 302
    assert len(ImportDraft.objects.get(ref=ref).state["measures"]) == count
    office.post(at("desk:draft-undo", ref))
    assert ImportDraft.objects.get(ref=ref).state == before
    assert office.post(at("desk:draft-change", ref, "correct_measure"), data).status_code == 422
    assert office.get(at("desk:draft-change", ref, verb)).status_code == 405


def test_a_measure_and_a_figure_are_added(office: Client) -> None:
    ref = import_plan(confirm=False)
    office.post(
        at("desk:draft-add", ref), {"after": "m5", "lines": "新增一条。", "units": "区商务委"}
    )
    state = ImportDraft.objects.get(ref=ref).state
    assert state["measures"][5]["text"] == "新增一条。"
    where = at("desk:draft-target", ref, "m3", "new")
    form = {
        "indicator": "走访企业",
        "comparator": ">=",
        "value": "500",
        "unit": "家次",
        "status": "confirmed",
        "words": "走访企业500家",
    }
    assert office.post(where, form).status_code == 302
    assert office.post(where, {**form, "words": "不在原文"}).status_code == 422
    targets = ImportDraft.objects.get(ref=ref).state["measures"][2]["targets"]
    assert targets[-1]["unit"] == "家次"


def test_names_are_resolved_in_the_draft(office: Client) -> None:
    ref = import_plan(confirm=False)
    where = at("desk:draft-units", ref) + "?name=区城管局"
    assert office.post(where, {}).status_code == 422
    office.post(where, {"organs": ["urban"], "remember": "on"})
    office.post(at("desk:draft-confirm", ref), {"revision": "1"})
    assert OrganAlias.objects.get(name="区城管局").organ.key == "urban"


def test_the_document_is_corrected_and_placed(office: Client, plan: PlanDocument) -> None:
    ref = import_plan(PLAN_2025_REVISED, confirm=False)
    where = at("desk:draft-document", ref)
    form = {"title": "新名称", "year": "2025", "division": OTHER, "kind": "own", "document": ""}
    assert office.post(where, form).status_code == 302
    draft = ImportDraft.objects.get(ref=ref)
    assert (draft.state["title"], draft.document, draft.kind) == ("新名称", None, "reference")
    assert office.post(where, {**form, "division": "12"}).status_code == 422
    office.post(where, {**form, "division": HOME, "document": plan.ref})
    shown = text(office.get(at("desk:plan-draft", ref) + "?view=changed"))
    assert "新版本中取消的举措" in shown
    assert "首席服务官" in shown


def test_what_blocks_is_shown_and_refused(office: Client) -> None:
    ref = import_plan(confirm=False)
    edit_draft(OFFICE, draft=ref, operation="correct_measure", parameters={"id": "m2", "number": 1})
    shown = office.get(at("desk:draft-confirm", ref))
    assert "序号 1 出现了 2 次" in text(shown)
    assert office.post(at("desk:draft-confirm", ref), {}).status_code == 422
    assert not PlanDocument.objects.exists()


def test_an_older_page_cannot_confirm_what_changed_since(office: Client) -> None:
    ref = import_plan(confirm=False)
    edit_draft(OFFICE, draft=ref, operation="remove_measure", parameters={"id": "m1"})
    answer = office.post(at("desk:draft-confirm", ref), {"revision": "0"})
    assert answer.status_code == 422
    assert "他人修改" in text(answer)


def test_every_view_of_a_draft_opens(office: Client, plan: PlanDocument) -> None:
    ref = import_plan(PLAN_2025_REVISED, confirm=False)
    edit_draft(
        OFFICE, draft=ref, operation="correct_measure", parameters={"id": "m1", "title": "<b>"}
    )
    for view in ("", "unsure", "targets", "changed", "noise", "history", "other"):
        answer = office.get(at("desk:plan-draft", ref) + f"?view={view}")
        assert answer.status_code == 200
        assert "<b>" not in text(answer)
    office.post(at("desk:draft-discard", ref))
    assert "已作废" in text(office.get(at("desk:plan-imports")))
    shown = text(office.get(at("desk:plan-draft", ref)))
    assert "确认入库" not in shown
    assert "作废，没有入库" in shown
    for page in ("desk:draft-confirm", "desk:draft-document", "desk:draft-discard"):
        assert office.get(at(page, ref)).status_code == 302
    assert office.post(at("desk:draft-discard", ref)).status_code == 409


def test_a_confirmed_draft_shows_what_it_became_and_waits_for_nothing(
    office: Client, plan: PlanDocument
) -> None:
    ref = import_plan(PLAN_2025_REVISED, confirm=False)
    assert "目标值待确认" in text(office.get(at("desk:plan-draft", ref)))
    office.post(at("desk:draft-confirm", ref))
    shown = text(office.get(at("desk:plan-draft", ref)))
    assert f"确认入库，成为《{plan.title}》第 2 版" in shown
    for words in ("的新版本", "目标值待确认", "单位待明确", "不再列入"):
        assert words not in shown


def test_corrections_are_told_in_words_of_the_page(office: Client) -> None:
    ref = import_plan(confirm=False)
    edit = partial(edit_draft, OFFICE, draft=ref)
    edit(operation="correct_measure", parameters={"id": "m1", "title": "新标题"})
    edit(operation="move_measure", parameters={"id": "m2", "after": "", "headings": "1"})
    given = {"name": "区城管局", "organs": ["urban"], "group": False, "remember": True}
    edit(operation="resolve_unit", parameters=given)
    shown = re.sub(r"<[^>]+>", "", text(office.get(at("desk:plan-draft", ref) + "?view=history")))
    for words in (
        "更正举措",
        "标题：新标题",
        "移动举措",
        "举措：第 2 条",
        "位置：最前面",
        "明确责任单位",
        f"对应机构：{Organ.objects.get(key='urban')}",
        "记入别名表：是",
    ):
        assert words in shown
    assert not re.search("correct_measure|resolve_unit|organs|headings", shown)
    assert set(OPERATION_LABELS) == {name for name, _operation in OPERATIONS}


def test_the_measure_stands_beside_its_source(office: Client, plan: PlanDocument) -> None:
    measure = plan.measures.get(current__number=1)
    shown = text(office.get(at("desk:measure", measure.ref)))
    assert "1.推行企业开办一窗通办" in shown
    assert "牵头（推定）" in shown
    import_plan(PLAN_2025_REVISED, document=plan.ref)
    changed = plan.measures.get(current__number=3)
    shown = text(office.get(at("desk:measure", changed.ref)))
    assert re.search(r"<del>10</del>.*<ins>15</ins>", shown, re.S)
    dropped = plan.measures.exclude(dropped_in=None).get()
    assert "已在新版本中取消" in text(office.get(at("desk:measure", dropped.ref)))


def test_a_figure_is_decided_on(office: Client) -> None:
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
            "status": "proposed",
        },
    )
    office.post(at("desk:draft-confirm", ref), {})
    target = TargetProposal.objects.get(unit="家次")
    where = at("desk:target", target.wording.measure.ref, target.ref)
    assert 'value="500"' in text(office.get(where))
    form = {
        "indicator": "走访企业",
        "comparator": ">=",
        "value": "600",
        "unit": "家次",
        "status": "confirmed",
    }
    assert office.post(where, {**form, "value": "很多"}).status_code == 422
    assert office.post(where, form).status_code == 302
    target.refresh_from_db()
    assert (target.status, target.value, target.decided_by_name) == ("confirmed", 600, "何静")
    assert office.get(at("desk:target", target.wording.measure.ref, "x")).status_code == 404


def test_names_are_resolved_for_all_for_a_plan_and_forgotten(office, plan) -> None:
    assert "待明确" in text(office.get(at("desk:plan-units")))
    where = at("desk:plan-unit") + f"?name=区发展改革委&document={plan.ref}"
    assert office.post(where, {"organs": [], "scope": "division"}).status_code == 422
    assert office.post(where, {"organs": ["reform"], "scope": "measure"}).status_code == 422
    office.post(where, {"organs": ["reform"], "scope": "document"})
    assert MeasureUnit.objects.get(name="区发展改革委").resolution == "person"
    office.post(
        at("desk:plan-unit") + "?name=区城管局", {"organs": ["market"], "scope": "division"}
    )
    assert MeasureUnit.objects.get(name="区城管局").resolution == "alias"
    office.post(at("desk:plan-unit-forget") + "?name=区城管局")
    assert not OrganAlias.objects.filter(name="区城管局").exists()
    own = office.get(at("desk:plan-unit-forget") + "?name=区税务局", follow=True)
    assert "区税务局" in text(own)
    assert own.redirect_chain[-1][0] == at("desk:plan-units")
    assert OrganAlias.objects.filter(name="区税务局").exists()


def test_two_plans_side_by_side_and_a_corrected_pair(office, plan) -> None:
    other = import_plan(PLAN_2025_REVISED, division=OTHER)
    where = at("desk:plan-comparison")
    assert "请选择两份方案" in text(office.get(where))
    pair = f"?left={plan.ref}&right={other.ref}"
    shown = text(office.get(where + pair))
    assert "新增" in shown
    assert "<del>10</del>" in shown
    assert office.get(where + f"?left={plan.ref}&right={plan.ref}").status_code == 422
    assert office.get(where + f"?left={plan.ref}&right=nothing").status_code == 422
    new = other.measures.get(current__number=1).ref
    old = plan.measures.get(current__number=4).ref
    correct = at("desk:plan-pair") + f"{pair}&measure={new}"
    office.post(correct, {"other": old, "reason": "承接"})
    assert MatchDecision.objects.get().reason == "承接"
    assert "何静认定" in text(office.get(where + pair))
    office.post(correct, {"other": ""})
    assert MatchDecision.objects.get().verdict == "unlinked"


def test_publishing_and_taking_back(office, plan, client: Client) -> None:
    assert client.get(at("portal:plan", plan.ref)).status_code == 404
    office.post(at("desk:plan-publish", plan.ref))
    measure = plan.measures.get(current__number=1)
    assert "推行企业开办" in text(client.get(at("portal:plan", plan.ref)))
    assert "区市场监管局" in text(client.get(at("portal:measure", measure.ref)))
    assert plan.title in text(client.get(at("portal:plans")))
    assert "<mark>一窗通办</mark>" in text(client.get("/search/?q=一窗通办"))
    assert office.post(at("desk:plan-unpublish", plan.ref), {}).status_code == 422
    office.post(at("desk:plan-unpublish", plan.ref), {"reason": "有误"})
    assert client.get(at("portal:measure", measure.ref)).status_code == 404
    assert "没有找到" in text(client.get("/search/?q=一窗通办"))
    assert "<mark>一窗通办</mark>" in text(office.get("/desk/search/?q=一窗通办"))


def test_a_search_without_hits_suggests_what_has_some(office, plan) -> None:
    shown = text(office.get("/desk/search/?q=企业开办登月"))
    assert "企业开办</a>" in shown
    for query in ("?q=", "?q=企&in=nothing&from=x", "?q=企&from=99999"):
        assert office.get("/desk/search/" + query).status_code == 200


def test_a_revision_is_opened_once(office, plan) -> None:
    first = office.post(at("desk:plan-revise", plan.ref)).url
    assert office.post(at("desk:plan-revise", plan.ref)).url == first
    assert office.get(first).status_code == 200


def test_files_are_handed_out_as_attachments(office, plan) -> None:
    for ending in ("xlsx", "csv", "json"):
        answer = office.get(at("desk:plan-export", plan.ref, ending))
        assert answer.headers["Content-Disposition"].startswith("attachment")
    source = office.get(at("desk:plan-source", plan.ref, 1))
    assert source.content == PLAN_2025.encode()
    assert source.headers["Content-Type"] == "application/octet-stream"
    assert office.get(at("desk:plan-source", plan.ref, 9)).status_code == 404
    assert office.get(at("desk:plan-export", plan.ref, "exe")).status_code == 404


def test_without_permissions_the_desk_is_closed(plan, client: Client) -> None:
    reader = browser("reader", ["plans.read"])
    measure = plan.measures.get(current__number=1).ref
    assert reader.get(at("desk:plan", plan.ref)).status_code == 200
    assert reader.get(at("desk:measure", measure)).status_code == 200
    for name, *args in [
        ("desk:plan-imports",),
        ("desk:plan-import-new",),
        ("desk:plan-comparison",),
        ("desk:plan-unit",),
        ("desk:plan-publish", plan.ref),
        ("desk:plan-revise", plan.ref),
    ]:
        assert reader.get(at(name, *args)).status_code == 403
        assert client.get(at(name, *args)).url.startswith("/login/")


def test_lists_ask_the_database_the_same_number_of_times_however_long(office) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert office.get(path).status_code == 200
        return len(seen)

    small, large = import_plan(_many(5, 2023)), import_plan(_many(60, 2024))
    publish_plan(OFFICE, document=small.ref)
    publish_plan(OFFICE, document=large.ref)
    for name in ("desk:plan", "portal:plan"):
        queries(at(name, small.ref))
        assert queries(at(name, small.ref)) == queries(at(name, large.ref)) < 20
    few = queries(at("desk:measures") + f"?plan={small.ref}")
    assert queries(at("desk:measures") + f"?plan={large.ref}") == few < 20
    drafts = [import_plan(_many(n, 2020) + "末。", confirm=False) for n in (6, 61)]
    counts = [queries(at("desk:plan-draft", ref)) for ref in drafts]
    assert counts[0] == counts[1] < 20


def _many(count: int, year: int) -> str:
    rows = [
        f"{n}.第{n}项工作，编号{n * 7919 + year}。(责任单位:区市场监管局、区税务局)"
        for n in range(1, count + 1)
    ]
    return f"某区{year}年方案\n一、总则\n" + "\n".join(rows)
