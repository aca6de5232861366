"""The worklist: what each choice would leave, who works on what, and from one case to the next."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingshang.cases.assigning import assign_case
from yingshang.cases.errors import CaseMissing, NoSuchColleague, NotYourTurn
from yingshang.cases.facets import count_worklist
from yingshang.cases.log import state_of
from yingshang.cases.models import Case
from yingshang.cases.ready_words import KIND, ReadyWords
from yingshang.cases.selectors import Filters, list_worklist_for
from yingshang.cases.tests.conftest import Town
from yingshang.cases.tests.test_desk import browser, hidden, text_of
from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.kernel.times import now, today
from yingshang.parties.models import Person

pytestmark = pytest.mark.django_db


def opened(town: Town, **due: str) -> dict[str, Case]:
    """Return cases by name, with the deadlines given."""
    return {name: town.open(title=name, data={"due": day}) for name, day in due.items()}


def test_each_choice_says_how_many_it_would_leave(town: Town) -> None:
    cases = opened(town, 甲="2030-01-04", 乙="2030-01-05", 丙="2030-01-06")
    town.do(cases["丙"], "start")
    assign_case(town.clerk, case=cases["甲"].ref)
    facets = count_worklist(town.clerk, Filters())
    assert (facets.total, facets.states) == (3, {"new": 2, "work": 1})
    assert facets.assignees == {"mine": 1, "nobody": 2}
    narrowed = count_worklist(town.clerk, Filters(state="new", assignee="nobody"))
    assert (narrowed.total, narrowed.states) == (1, {"new": 1, "work": 1})
    assert narrowed.assignees == {"mine": 1, "nobody": 1}


def test_who_works_on_a_case_is_said_by_an_event_and_ends_with_the_turn(town: Town) -> None:
    case = opened(town, 甲="2030-01-04")["甲"]
    assign_case(town.clerk, case=case.ref)
    case.refresh_from_db()
    assert case.assignee is not None
    assert state_of(case).assignee == case.assignee.ref
    mine = list_worklist_for(town.clerk, Filters(assignee="mine"))
    assert [one.ref for one in mine] == [case.ref]
    assert case.due_on == state_of(case).clocks.due_on
    town.do(case, "start")
    town.do(case, "ask", data={"told": "缺一页"})
    case.refresh_from_db()
    assert case.assignee is None
    with pytest.raises(NotYourTurn):
        assign_case(town.clerk, case=case.ref)


def test_only_the_organs_own_people_are_put_on_its_cases(town: Town) -> None:
    case = opened(town, 甲="2030-01-04")["甲"]
    stranger = Person.objects.get(pk=town.stranger.person_id)
    with pytest.raises(CaseMissing):
        assign_case(town.stranger, case=case.ref)
    with pytest.raises(NoSuchColleague):
        assign_case(town.clerk, case=case.ref, person=stranger.ref)
    with pytest.raises(NotYourTurn):
        assign_case(town.office, case=case.ref)


def test_a_page_of_the_worklist_takes_the_same_queries_for_few_and_for_many(town: Town) -> None:
    clerk = browser(town.clerk)
    opened(town, 甲="2030-01-04")
    address = "/desk/worklist/?state=new&procedure=trial"
    clerk.get(address)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert clerk.get(address).status_code == 200
        return len(made)

    few = queries()
    for number in range(12):
        town.open(title=f"第{number}件")
    assert queries() == few
    assert few <= 18


def test_the_list_shows_counts_and_is_narrowed_by_state_time_and_person(town: Town) -> None:
    cases = opened(town, 甲="2030-01-04", 乙="2030-01-05")
    town.do(cases["乙"], "start")
    assign_case(town.clerk, case=cases["乙"].ref)
    clerk = browser(town.clerk)
    shown = text_of(clerk.get("/desk/worklist/?procedure=trial"))
    assert "办理（1）" in shown
    assert "我经办的（1）" in shown
    narrowed = clerk.get("/desk/worklist/?procedure=trial&state=work&assignee=mine")
    assert [one.row.case.title for one in narrowed.context["rows"]] == ["乙"]
    assert "没有待办" in text_of(clerk.get("/desk/worklist/?since=3"))
    assert "没有待办" in text_of(clerk.get("/desk/worklist/?subject=无此企业"))


def test_decisions_follow_one_another(town: Town) -> None:
    cases = opened(town, 甲="2030-01-04", 乙="2030-01-07", 丙="2030-01-08")
    clerk = browser(town.clerk)
    page = f"/desk/cases/{cases['甲'].ref}/"
    assert "下一件" not in text_of(clerk.get(page))
    clerk.get("/desk/worklist/?procedure=trial")
    assert "下一件： 乙" in text_of(clerk.get(page))
    address = f"{page}do/start/"
    sent = hidden(clerk, address)
    answer = clerk.post(address, {**sent, "note": "看过", "onward": "1"})
    assert answer.headers["Location"] == f"/desk/cases/{cases['乙'].ref}/"
    last = clerk.get(f"/desk/cases/{cases['丙'].ref}/").context["walk"]
    assert (last.before.title, last.after.title) == ("乙", "甲")


def test_ready_words_are_put_into_the_form_and_do_nothing_else(town: Town) -> None:
    words = ReadyWords.model_validate(
        {
            "key": "seen", "label": "看过", "label_en": "Seen", "procedures": ["trial"],
            "actions": ["start"], "field": "note", "text": "{title}已经看过。",
        }
    )  # fmt: skip
    ContentVersion.objects.create(
        kind=KIND, key="seen", number=1, pack="test", body=canonical_body(words),
        digest=digest_of(canonical_body(words)), valid_from=today(), loaded_at=now(),
    )  # fmt: skip
    case = opened(town, 甲="2030-01-04")["甲"]
    clerk = browser(town.clerk)
    address = f"/desk/cases/{case.ref}/do/start/"
    sent = hidden(clerk, address)
    page = clerk.post(address, {**sent, "note": "先写的", KIND: "seen"})
    assert page.status_code == 200
    assert page.context["form"]["note"].value() == "先写的\n甲已经看过。"
    assert page.context["form"]["idempotency_key"].value() == sent["idempotency_key"]
    case.refresh_from_db()
    assert case.state == "new"
