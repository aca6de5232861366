"""What a parent does when its children close: each of them, and the last."""

from copy import deepcopy
from typing import Any

from yingshang.cases.models import Case
from yingshang.cases.procedure import Procedure
from yingshang.cases.tests.conftest import TRIAL, Town, store
from yingshang.cases.working import open_case


def whole() -> Procedure:
    """Return a procedure that notes every child that closes, and ends with the last."""
    body: dict[str, Any] = deepcopy(TRIAL)
    system = {"label": "x", "label_en": "x", "from": ["new"], "system": True}
    body["actions"] += [
        {"key": "note_child", **system},
        {"key": "wind_up", **system, "to": "done"},
    ]
    children = {"when_child_closed": "note_child", "when_children_closed": {"do": "wind_up"}}
    return Procedure.model_validate({**body, **children, "key": "whole"})


def opened(town: Town, parent: Case | None = None, procedure: str = "trial") -> Case:
    """Open a case of organ b, on a parent."""
    given = {"title": "一件事", "holder": town.organs["b"], "parent": parent}
    return open_case(town.office, procedure=procedure, data={"due": "2026-12-31"}, **given)


def closed(town: Town, case: Case) -> None:
    """Carry a case to its end."""
    for action in ("start", "finish"):
        town.do(case, action)


def test_each_child_that_closes_is_told_and_the_last_ends_the_whole(town: Town) -> None:
    store(whole())
    parent = opened(town, procedure="whole")
    first, second = opened(town, parent), opened(town, parent)
    closed(town, first)
    parent.refresh_from_db()
    assert [event.action for event in parent.events.all()] == ["open", "note_child"]
    assert parent.closed_at is None
    closed(town, second)
    parent.refresh_from_db()
    assert [event.action for event in parent.events.all()][1:] == ["note_child", "note_child", "wind_up"]  # fmt: skip
    assert parent.state == "done"
