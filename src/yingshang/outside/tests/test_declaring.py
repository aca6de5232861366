"""Declarations of bodies: what the linter finds, how patience and pauses are counted."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from yingshang.outside.declaring import OutsideBody, Retry
from yingshang.outside.kinds import lint_body
from yingshang.outside.simulators.behaviour import Behaviour, Settings, answers_of
from yingshang.outside.tests.conftest import SEALS


def declared(**more: Any) -> OutsideBody:
    return OutsideBody.model_validate({**SEALS, **more})


def codes(body: OutsideBody) -> list[str]:
    return [remark[0] for remark in lint_body(body, {})]


def with_message(**more: Any) -> dict[str, Any]:
    return {"messages": [{**SEALS["messages"][0], **more}]}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"adapter": "pigeon"}, ["adapter_unknown"]),
        ({"settings": {"behaviour": {"colour": "red"}}}, ["settings_unfit"]),
        ({"settings": {"behaviour": {"refuse": "mood"}}}, ["settings_unfit"]),
        ({"adapter": "post", "settings": {"seed": "x"}}, ["settings_unfit"]),
        ({"stuck_after": {}}, ["no_patience"]),
        (with_message(stuck_after={"hours": 0}), ["no_patience"]),
        (with_message(fields=SEALS["messages"][0]["fields"] * 2), ["key_twice"] * 3),
        ({"messages": SEALS["messages"] * 2}, ["key_twice"]),
    ],
)
def test_the_linter_names_what_cannot_work(change: dict[str, Any], found: list[str]) -> None:
    assert codes(declared(**change)) == found


@pytest.mark.parametrize("key", ["../etc", "Bank", "", "a/b"])
def test_a_key_can_be_a_file_name_and_an_address(key: str) -> None:
    with pytest.raises(ValidationError):
        declared(key=key)


def test_pauses_grow_up_to_their_limit() -> None:
    retry = Retry(first_seconds=30, factor=3, most_seconds=600)
    pauses = [retry.pause_after(tries).total_seconds() for tries in (1, 2, 3, 4, 100)]
    assert pauses == [30, 90, 270, 600, 600]


def test_a_message_may_have_patience_of_its_own() -> None:
    body = declared(**with_message(stuck_after={"hours": 8}))
    assert body.patience_for(body.messages[0]) == timedelta(hours=8)
    body = declared()
    assert body.patience_for(body.messages[0]) == timedelta(days=2)


def test_a_simulator_says_the_same_to_the_same_message_again() -> None:
    message = declared().messages[0]
    settings = Settings(seed="x", samples={"seal": "33-##@"})

    def say(ref: str) -> list[dict[str, Any]]:
        return answers_of(settings, Behaviour(), message, ref, date(2026, 3, 2))

    assert say("a") == say("a")
    assert say("a") != say("b")
    seal = say("a")[-1]["fields"]["seal"]
    assert seal[:3] == "33-"
    assert seal[3:5].isdigit()
    assert seal[5].isalpha()
    spread = Behaviour(late_seconds=10, spread_seconds=20)
    waits = {settings.lateness(spread, str(n)).total_seconds() for n in range(50)}
    assert min(waits) >= 10
    assert max(waits) <= 30
    assert len(waits) > 5
