"""Public notices: what they show, until when objections are taken, and what strangers may send."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yingshang.cases.actions import act
from yingshang.cases.expiry import expire
from yingshang.cases.models import Case
from yingshang.cases.permissions import EXPIRE
from yingshang.cases.procedure import Procedure
from yingshang.cases.working import find_action, lock, move, open_case
from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.errors import (
    NoticeMissing,
    NoticeOver,
    NoticeUnfit,
    ObjectionMissing,
    ObjectionNotOpen,
    ObjectionUnfit,
    TooManyObjections,
)
from yingshang.domains.services.models import Objection
from yingshang.domains.services.models import PublicNotice as Published
from yingshang.domains.services.notices.declaring import PublicNotice
from yingshang.domains.services.notices.linting import lint_item_notice, lint_notice
from yingshang.domains.services.notices.objecting import (
    FROM_ONE_PLACE,
    WITHIN,
    cleaned,
    lodge_objection,
)
from yingshang.domains.services.notices.reading import (
    get_acknowledged,
    get_notice_for,
    list_notices_for,
    notices_of,
    objections_for,
    receipt_code,
)
from yingshang.domains.services.tests.test_catalogue import ITEM
from yingshang.forms.definition import Form
from yingshang.forms.submitting import freeze
from yingshang.forms.tests.conftest import District, district, put_in_force
from yingshang.forms.tests.test_pages import browser
from yingshang.ledger.models import Entry
from yingshang.parties.actors import ANONYMOUS, Actor, system_actor

__all__ = ["district"]
pytestmark = pytest.mark.django_db

FORM = Form.model_validate(
    {
        "key": "closing",
        "label": "注销",
        "label_en": "Closing",
        "sections": [
            {
                "key": "s",
                "label": "节",
                "fields": [
                    {"key": "because", "label": "原因", "type": "text"},
                    {"key": "head", "label": "负责人", "type": "person"},
                    {"key": "tel", "label": "联系电话", "type": "text"},
                ],
            }
        ],
    }
)
LIMIT = {"n": 20, "kind": "calendar"}
PROCEDURE: dict[str, Any] = {
    "key": "closing",
    "label": "注销",
    "label_en": "Closing",
    "initial": "new",
    "opens": {"permission": "services.open", "fields": [{"field": "submission"}]},
    "fields": [
        {"key": "submission", "label": "申请", "label_en": "S", "type": "ref"},
        {"key": "objection", "label": "异议", "label_en": "O", "type": "ref"},
    ],
    "states": [
        {"key": "new", "label": "新收", "label_en": "New", "no_clock": "试"},
        {"key": "notice", "label": "公示", "label_en": "Notice"},
        {"key": "objected", "label": "有异议", "label_en": "Objected"},
        {"key": "done", "label": "办结", "label_en": "Done", "final": True},
    ],
    "actions": [
        {"key": "publish", "label": "公示", "label_en": "P", "from": ["new"], "to": "notice", "system": True,
         "effects": [{"do": "services.publish_notice", "with": {"notice": "closing"}}]},
        {"key": "objected", "label": "异议", "label_en": "O", "from": ["notice", "objected"], "to": "objected",
         "system": True, "fields": [{"field": "objection", "required": True}]},
        {"key": "back", "label": "继续", "label_en": "B", "from": ["objected"], "to": "notice",
         "by": [{"permission": "forms.mark", "relation": "holder"}]},
        {"key": "over", "label": "期满", "label_en": "O", "from": ["notice"], "to": "done", "system": True,
         "effects": [{"do": "services.end_notice", "with": {"result": "unopposed"}}]},
    ],
    "clocks": [{"key": "period", "label": "公示期", "label_en": "Period", "limit": LIMIT, "runs_in": ["notice", "objected"]}],
    "on_expiry": [{"clock": "period", "do": "over"}],
}  # fmt: skip
NOTICE: dict[str, Any] = {
    "key": "closing",
    "label": "注销公告",
    "label_en": "Closing",
    "legal": "条例第三十三条",
    "clock": "period",
    "shows": [{"label": "原因", "label_en": "Why", "value": "form.because"}],
    "grounds": [{"key": "debt", "label": "有债务", "label_en": "Debts"}],
    "on_objection": "objected",
    "results": [{"key": "unopposed", "label": "无异议", "label_en": "Unopposed", "tone": "good"}],
}
SAID = {"ground": "debt", "text": "欠货款三万元", "contact": "13900000001"}


def published(district: District, **changes: Any) -> Published:
    """Return the notice of a case that was just opened and announced."""
    put_in_force("form", FORM)
    put_in_force("procedure", Procedure.model_validate(PROCEDURE))
    put_in_force("public_notice", PublicNotice.model_validate({**NOTICE, **changes}))
    draft = district.start(form="closing")
    district.save(draft, because="<b>不做了</b>", head={"name": "林晓峰"}, tel="13800001111")
    draft.refresh_from_db()
    case = open_case(
        district.boss,
        procedure="closing",
        title="注销：甲公司",
        holder=district.organs["office"],
        subject=district.firm,
        data={"submission": freeze(district.boss, draft).name},
    )
    system(case, "publish")
    return case.public_notices.get()


def known_item(**changes: Any) -> ServiceItem:
    """Return an item that its procedure announces as it says."""
    given = {**ITEM, "type": "registration", "procedure": "closing", "form": "closing", **changes}
    return ServiceItem.model_validate(given)


def system(case: Case, action: str) -> None:
    """Do a system action of the procedure."""
    locked = lock(case.pk)
    procedure = Procedure.model_validate(PROCEDURE)
    move(system_actor("test"), locked, find_action(procedure, action))


def object_to(notice: Published, actor: Actor = ANONYMOUS, **changes: Any) -> Objection:
    """Object as a stranger with a name, or as somebody signed in."""
    name = {"name": "债权人"} if actor.is_anonymous else {}
    return lodge_objection(actor, notice=notice.ref, **{**SAID, **name, **changes})


def later(district: District, time: timedelta) -> None:
    """Let time pass."""
    district.clock.set(district.clock.moment + time)


def over(notice: Published) -> None:
    """Do what follows when the period has run out."""
    expire(system_actor("test", EXPIRE), case=notice.case.ref)


def test_only_what_the_declaration_names_is_shown(district: District) -> None:
    notice = published(district)
    assert notice.shown == [{"label": "原因", "label_en": "Why", "value": "<b>不做了</b>"}]
    assert (notice.title, notice.ends_on.isoformat()) == ("甲公司", "2026-11-23")
    page = Client().get(reverse("portal:notice", args=[notice.ref])).content.decode()
    assert "甲公司" in page
    assert "&lt;b&gt;不做了" in page
    assert "13800001111" not in page
    assert "林晓峰" not in page


def test_an_objection_moves_the_case_and_leaves_a_receipt(district: District) -> None:
    notice = published(district)
    made = object_to(notice)
    case = Case.objects.get(pk=notice.case_id)
    assert (case.state, case.data["objection"]) == ("objected", made.ref)
    entry = Entry.objects.get(ref=made.entry)
    assert entry.kind == "services.objection_lodged"
    assert get_acknowledged(made.ref, receipt_code(made.ref)) == made
    with pytest.raises(ObjectionMissing):
        get_acknowledged(made.ref, "0" * 20)
    object_to(notice, district.stranger)
    assert notice.objections.count() == 2


def test_who_objected_is_for_the_organ_alone(district: District) -> None:
    notice = published(district)
    object_to(notice)
    seen = {
        actor.name: [(one.objection.text, one.name) for one in objections_for(actor, notice)]
        for actor in (district.officer, district.boss, district.stranger)
    }
    assert seen == {
        "郑立": [(SAID["text"], "债权人")],
        "林晓峰": [(SAID["text"], "")],
        "沈佳宁": [],
    }
    page = Client().get(reverse("portal:notice", args=[notice.ref])).content.decode()
    assert SAID["text"] not in page


def test_the_period_takes_objections_to_the_end_of_its_last_day_and_no_longer(
    district: District,
) -> None:
    notice = published(district)
    later(district, timedelta(days=21, hours=11, minutes=59))
    object_to(notice)
    later(district, timedelta(minutes=1))
    with pytest.raises(NoticeOver):
        object_to(notice)


def test_an_objection_in_time_is_decided_before_the_end_counts(district: District) -> None:
    notice = published(district)
    object_to(notice)
    later(district, timedelta(days=30))
    over(notice)
    notice.refresh_from_db()
    assert notice.ended_at is None
    officer = district.person("经办人", "cases.read", "forms.mark", organ=district.organs["office"])
    act(officer, case=notice.case.ref, action="back")
    over(notice)
    notice.refresh_from_db()
    assert notice.result == "unopposed"
    assert Case.objects.get(pk=notice.case_id).state == "done"
    with pytest.raises(NoticeOver):
        object_to(notice)


@pytest.mark.parametrize(
    "changes",
    [{"text": " \u202e\x07 "}, {"contact": ""}, {"name": "\u200b"}, {"ground": "<script>"}],
)
def test_an_objection_needs_its_parts(district: District, changes: dict[str, str]) -> None:
    notice = published(district)
    with pytest.raises(ObjectionUnfit):
        object_to(notice, **changes)
    assert not Objection.objects.exists()


@pytest.mark.one_database
def test_a_strangers_text_hides_nothing_and_is_bounded(district: District) -> None:
    assert cleaned("甲\u202e乙\x00\r\n丙\u200b🙂") == "甲乙\n丙🙂"
    notice = published(district)
    made = object_to(notice, text="<script>alert(1)</script>" + "长" * 5000)
    assert len(made.text) == 2000
    where = reverse("portal:objection", args=[made.ref, receipt_code(made.ref)])
    page = Client().get(where).content.decode()
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


def test_one_address_objects_only_so_often(district: District) -> None:
    notice = published(district)
    for _ in range(FROM_ONE_PLACE):
        object_to(notice, address="10.1.1.1")
    with pytest.raises(TooManyObjections):
        object_to(notice, address="10.1.1.1")
    object_to(notice, address="10.1.1.2")
    page = Client(REMOTE_ADDR="10.1.1.1")
    where = reverse("portal:object", args=[notice.ref])
    assert page.post(where, {**SAID, "name": "甲"}).status_code == 429
    later(district, WITHIN)
    assert page.post(where, {**SAID, "name": "甲"}).status_code == 302


def test_what_is_put_to_organs_is_for_them(district: District) -> None:
    notice = published(district, open_to="organs", objectors="organs")
    with pytest.raises(NoticeMissing):
        get_notice_for(ANONYMOUS, notice.ref)
    assert not list_notices_for(district.stranger).exists()
    assert Client().get(reverse("portal:notice", args=[notice.ref])).status_code == 404
    assert list(list_notices_for(district.clerk)) == [notice]
    assert object_to(notice, district.clerk).name == "吴敏"


def test_who_may_not_object_is_told(district: District) -> None:
    notice = published(district, objectors="signed_in")
    with pytest.raises(ObjectionNotOpen):
        object_to(notice)
    assert object_to(notice, district.stranger).name == "沈佳宁"


def test_a_notice_leaves_the_public_after_its_days(district: District) -> None:
    notice = published(district, kept_days=10)
    later(district, timedelta(days=22))
    over(notice)
    assert get_notice_for(ANONYMOUS, notice.ref).result == "unopposed"
    later(district, timedelta(days=12))
    with pytest.raises(NoticeMissing):
        get_notice_for(ANONYMOUS, notice.ref)
    assert notices_of(notice.case) == [notice]


def test_the_same_subject_is_announced_once_at_a_time_where_content_says_so(
    district: District,
) -> None:
    published(district)
    published(district)
    with pytest.raises(NoticeUnfit):
        published(district, one_at_a_time=True)


def test_the_form_tells_what_is_missing_and_leads_to_the_receipt(district: District) -> None:
    notice = published(district)
    where = reverse("portal:object", args=[notice.ref])
    assert Client().post(where, {"text": "x"}).status_code == 422
    signed_in = browser(district.stranger)
    assert 'name="name"' not in signed_in.get(where).content.decode()
    answer = signed_in.post(where, SAID)
    assert answer.status_code == 302
    assert "欠货款三万元" in signed_in.get(answer["Location"]).content.decode()
    later(district, timedelta(days=40))
    assert Client().get(where).status_code == 302


def known(**changes: Any) -> dict[str, Any]:
    """Return declarations as lint receives them."""
    procedure = Procedure.model_validate({**PROCEDURE, **changes})
    item = type("Item", (), {"procedure": "closing", "form": "closing", "notice": None})()
    return {
        "procedure": {"closing": procedure},
        "service_item": {"closing": item},
        "form": {"closing": FORM},
    }


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("notice", "procedure", "code"),
    [
        ({}, {}, ""),
        ({"clock": "nothing"}, {}, "unknown_clock"),
        ({}, {"on_expiry": []}, "endless_notice"),
        ({"on_objection": "back"}, {}, "unknown_action"),
        ({"grounds": []}, {}, "grounds_unfit"),
        ({"open_to": "organs"}, {}, "objectors_unfit"),
        ({"key": "other"}, {}, "unused_notice"),
        ({"title": "form.head"}, {}, "tells_of_people"),
        ({"shows": [{"label": "a", "label_en": "a", "value": "form.tel"}]}, {}, "tells_of_people"),
        ({"shows": [{"label": "a", "label_en": "a", "value": "form.x"}]}, {}, "rule_undeclared"),
        ({"shows": [{"label": "a", "label_en": "a", "value": "form.head", "personal": "法"}]}, {}, ""),
    ],
)  # fmt: skip
def test_lint_finds_what_does_not_fit_and_what_tells_of_people(
    notice: dict[str, Any], procedure: dict[str, Any], code: str
) -> None:
    declared = PublicNotice.model_validate({**NOTICE, **notice})
    found = {one[0] for one in lint_notice(declared, known(**procedure))}
    assert found == ({code} if code else set())


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("notice", "parameters", "code"),
    [
        ("closing", {}, ""),
        (None, {}, "no_notice"),
        ("other", {}, "unknown_notice"),
        ("closing", {"notice": "closing"}, "notice_unused"),
    ],
)
def test_a_procedure_may_leave_the_notice_to_each_item(
    notice: str | None, parameters: dict[str, str], code: str
) -> None:
    publish = {
        **PROCEDURE["actions"][0],
        "effects": [{"do": "services.publish_notice", "with": parameters}],
    }
    declared = known(actions=[publish, *PROCEDURE["actions"][1:]])
    item = known_item(notice=notice)
    declared |= {
        "service_item": {item.key: item},
        "public_notice": {"closing": PublicNotice.model_validate(NOTICE)},
    }
    assert {one[0] for one in lint_item_notice(item, declared)} == ({code} if code else set())
    if not code:
        assert not list(lint_notice(declared["public_notice"]["closing"], declared))
