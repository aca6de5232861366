"""Limits that each case is given, and people who act on their own case without a permission."""

from datetime import date, datetime

import pytest

from yingshang.cases.fold import fold
from yingshang.cases.history import Happened
from yingshang.cases.linting import lint_procedure
from yingshang.cases.procedure import Procedure
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import calendar

BODY = {
    "key": "p", "label": "p", "label_en": "p", "initial": "open",
    "opens": {"permission": "cases.assign", "fields": [{"field": "limit"}]},
    "fields": [
        {"key": "limit", "label": "时限", "label_en": "Limit", "type": "limit"},
        {"key": "word", "label": "话", "label_en": "Word", "type": "text"},
    ],
    "states": [
        {"key": "open", "label": "办理", "label_en": "Open"},
        {"key": "done", "label": "办结", "label_en": "Done", "final": True},
    ],
    "actions": [
        {"key": "end", "label": "办结", "label_en": "End", "from": ["open"], "to": "done",
         "by": [{"relation": "named"}]},
    ],
    "clocks": [
        {"key": "c", "label": "时限", "label_en": "Limit", "limit": {"given": "limit"}, "runs_in": ["open"]},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "due_on"),
    [
        ({"n": 5, "kind": "working"}, date(2026, 2, 27)),
        ({"n": 1, "kind": "month"}, date(2026, 3, 13)),
        (None, None),
    ],
)
def test_a_clock_counts_the_limit_that_the_case_was_given(
    limit: dict[str, object] | None, due_on: date | None
) -> None:
    opened = Happened(
        1, "open", "", "open", datetime(2026, 2, 13, 10, tzinfo=SHANGHAI),
        data={"limit": limit} if limit else {}, holder="h",
    )  # fmt: skip
    folded = fold(Procedure.model_validate(BODY), [opened], calendar())
    assert folded.clocks.due_on == due_on


def test_lint_refuses_a_limit_in_a_field_of_another_type_and_a_permission_for_the_named() -> None:
    assert not list(lint_procedure(Procedure.model_validate(BODY), {}))
    clock = {**BODY["clocks"][0], "limit": {"given": "word"}}  # type: ignore[index,dict-item]
    wrong = Procedure.model_validate({**BODY, "clocks": [clock]})
    assert [remark[0] for remark in lint_procedure(wrong, {})] == ["limit_not_given"]
    by = [{"relation": "named", "permission": "cases.assign"}]
    action = {**BODY["actions"][0], "by": by}  # type: ignore[index,dict-item]
    wrong = Procedure.model_validate({**BODY, "actions": [action]})
    assert [remark[0] for remark in lint_procedure(wrong, {})] == ["permission_unfit"]
