"""Meetings: decisions become tasks, and the meeting's page says what became of them."""

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yingshang.cases.actions import act
from yingshang.cases.models import Case
from yingshang.cases.permissions import ASSIGN
from yingshang.cases.permissions import READ as READ_CASES
from yingshang.documents.errors import AttachmentMissing
from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.actions.meetings import Decided, assign_decision, record_meeting
from yingshang.domains.plans.errors import (
    AttendeesMissing,
    ChoiceNotAllowed,
    DecisionAssigned,
    DecisionMissing,
    MeetingMissing,
    NotForOrgan,
    OrganUnknown,
)
from yingshang.domains.plans.models.work import Meeting, Task
from yingshang.domains.plans.selectors.meetings import (
    decisions_of,
    get_meeting_for,
    list_meetings_for,
)
from yingshang.domains.plans.tests.work_cast import EVIDENCE, Work, browser, official, set_up
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.parties.actors import NotPermitted, system_actor

pytestmark = pytest.mark.django_db
DECISION = "建立企业诉求联动机制。每月通报一次办理情况。"


@pytest.fixture(autouse=True)
def spring():
    with frozen(datetime(2025, 3, 3, 10, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def work() -> Work:
    return set_up()


def held(work: Work, **more) -> str:
    given = {
        "title": "第一次联席会议",
        "held_on": date(2025, 3, 3),
        "chair": "王区长",
        "organs": ["market", "tax"],
        "decisions": [
            Decided(text=DECISION, organs=("commerce", "market"), due=date(2025, 6, 30)),
            Decided(text="研究信用修复办法。"),
        ],
    }
    return record_meeting(work.office, **{**given, **more})


def test_a_decision_with_organs_and_a_day_becomes_their_tasks(work):
    meeting = Meeting.objects.get(ref=held(work))
    first, second = decisions_of(meeting)
    assert first.case.state == "assigned"
    assert [(t.organ.key, t.role, t.role_assumed) for t in first.tasks] == [
        ("commerce", "lead", False),
        ("market", "cooperate", False),
    ]
    assert [s.text for s in first.tasks[0].sub_actions.all()] == [
        "建立企业诉求联动机制。",
        "每月通报一次办理情况。",
    ]
    assert (second.case.state, second.tasks) == ("recorded", [])


def test_a_waiting_decision_is_assigned_once(work):
    ref = held(work)
    cases = assign_decision(
        work.office, meeting=ref, order=2, organs=["reform"], due=date(2025, 5, 30)
    )
    assert Task.objects.get(case__ref=cases[0]).due_on == date(2025, 5, 30)
    with pytest.raises(DecisionAssigned):
        assign_decision(work.office, meeting=ref, order=2, organs=["reform"], due=date(2025, 5, 30))


def test_a_decision_is_done_when_its_tasks_are(work):
    meeting = Meeting.objects.get(ref=held(work))
    for task in decisions_of(meeting)[0].tasks:
        bureau = work.bureau(task.organ.key)
        for action, data in (
            ("accept", {}),
            ("report_done", {"result": "机制已建立", "evidence": EVIDENCE}),
        ):
            act(bureau, case=task.case.ref, action=action, data=data)
        act(work.office, case=task.case.ref, action="confirm")
    standing = decisions_of(meeting)[0]
    assert (standing.case.state, standing.done) == ("done", 2)
    assert list_meetings_for(work.office).get(ref=meeting.ref).open_count == 1


def test_refusals(work):
    with pytest.raises(AttendeesMissing):
        held(work, organs=[])
    with pytest.raises(OrganUnknown):
        held(work, organs=["nobody"])
    with pytest.raises(ChoiceNotAllowed):
        held(work, held_on=date(2025, 3, 4))
    with pytest.raises(ChoiceNotAllowed):
        held(work, decisions=[Decided(text="x", organs=("tax",), due=date(2025, 3, 1))])
    with pytest.raises(AttachmentMissing):
        held(work, attachments=["nothing"])
    with pytest.raises(NotForOrgan):
        record_meeting(
            system_actor("x", p.MEET),
            title="x",
            held_on=date(2025, 3, 3),
            chair="y",
            organs=["tax"],
            decisions=[],
        )
    with pytest.raises(NotPermitted):
        record_meeting(
            work.bureau("tax"),
            title="x",
            held_on=date(2025, 3, 3),
            chair="y",
            organs=["tax"],
            decisions=[],
        )
    assert not Meeting.objects.exists()
    assert not Case.objects.exists()


def test_refusals_of_assigning(work):
    ref = held(work)
    due = date(2025, 5, 30)
    with pytest.raises(DecisionMissing):
        assign_decision(work.office, meeting=ref, order=9, organs=["tax"], due=due)
    with pytest.raises(ChoiceNotAllowed):
        assign_decision(work.office, meeting=ref, order=2, organs=["tax"], due=date(2025, 1, 1))
    other = official(work.organs["tax"], p.MEET)
    with pytest.raises(MeetingMissing):
        assign_decision(other, meeting=ref, order=2, organs=["tax"], due=due)


def test_a_meeting_is_for_those_who_sat_in_it(work):
    ref = held(work)
    reads = (p.READ, p.READ_MEETINGS, READ_CASES)
    assert get_meeting_for(official(work.organs["tax"], *reads), ref)
    with pytest.raises(MeetingMissing):
        get_meeting_for(official(work.organs["urban"], *reads), ref)


def test_recording_and_reading_in_the_browser(work):
    office = browser(work.organs["district"], p.READ, p.MEET, p.READ_MEETINGS, READ_CASES, ASSIGN)
    given = {
        "title": "第一次联席会议",
        "held_on": "2025-03-03",
        "chair": "王区长",
        "organs": ["market", "tax"],
        "minutes": "会议听取了汇报。",
        "d1-text": DECISION,
        "d1-lead": "commerce",
        "d1-cooperate": ["market"],
        "d1-due": "2025-06-30",
        "d2-text": "研究信用修复办法。",
    }
    assert office.post("/desk/meetings/new/", {**given, "organs": []}).status_code == 422
    minutes = SimpleUploadedFile("纪要.pdf", b"%PDF-1.7\n%%EOF")
    page = office.post("/desk/meetings/new/", {**given, "attachment": minutes})
    assert page.status_code == 302
    address = page.headers["Location"]
    shown = office.get(address).content.decode()
    assert "区商务委" in shown
    assert "纪要.pdf" in shown
    link = shown.split('href="/attachments/')[1].split('"')[0]
    tax = browser(work.organs["tax"], p.READ, p.READ_MEETINGS, READ_CASES)
    urban = browser(work.organs["urban"], p.READ, p.READ_MEETINGS, READ_CASES)
    assert tax.get(f"/attachments/{link}").status_code == 200
    assert urban.get(f"/attachments/{link}").status_code == 404
    assert urban.get(address).status_code == 404
    assign = f"{address}decisions/2/"
    assert office.post(assign, {"lead": "reform", "due": "2025-01-01"}).status_code == 422
    assert office.post(assign, {"lead": "reform", "due": "2025-05-30"}).status_code == 302
    assert tax.get(assign).status_code == 403
