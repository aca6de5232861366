"""What is found in a procedure before anybody opens a case under it."""

from copy import deepcopy
from typing import Any

import pytest

from yingshang.cases.linting import lint_procedure
from yingshang.cases.procedure import Procedure
from yingshang.cases.tests.conftest import LICENCE, TRIAL


def findings(change) -> set[str]:
    body: dict[str, Any] = deepcopy(TRIAL)
    change(body)
    return {remark[0] for remark in lint_procedure(Procedure.model_validate(body), {})}


def test_the_trial_procedure_is_clean() -> None:
    assert findings(lambda body: None) == set()


STATE = {"key": "lost", "label": "x", "label_en": "x"}
ACTION = {"key": "extra", "label": "x", "label_en": "x", "from": ["work"], "to": "lost"}
BY = [{"permission": "cases.handle", "relation": "holder"}]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda b: b["states"].append({**STATE, "no_clock": "x"}), "unreachable_state"),
        (lambda b: (b["states"].append({**STATE, "no_clock": "x"}), b["actions"].append({**ACTION, "by": BY})), "dead_state"),
        (lambda b: b["states"][3].update(final=False, no_clock="x"), "no_final_state"),
        (lambda b: b["actions"][0].update({"from": ["new", "done"]}), "final_not_final"),
        (lambda b: b["actions"][0].update({"from": ["new"], "reopens": True}), "reopens_nothing"),
        (lambda b: b["actions"][0].update({"from": ["new", "done"], "to": "done", "reopens": True}), "reopens_nothing"),
        (lambda b: (b["clocks"].clear(), b["periodic"].clear()), "no_clock"),
        (lambda b: b["states"][2].pop("no_clock"), "no_clock"),  # where a clock only stands still
        (lambda b: b["clocks"][0].pop("ground"), "no_ground"),
        (lambda b: b["clocks"][1].update(pauses_in=["waiting"]), "pause_unfit"),
        (lambda b: b["clocks"][0]["runs_in"].append("done"), "clock_in_final_state"),
        (lambda b: b["actions"][0].pop("by"), "nobody_may"),
        (lambda b: b["actions"][0].update(system=True), "system_with_actor"),
        (lambda b: b["actions"][0]["by"][0].update(permission="cases.handel"), "unknown_permission"),
        (lambda b: b["opens"].update(permission="x.y"), "unknown_permission"),
        (lambda b: b["actions"][0].update(effects=[{"do": "cases.nothing"}]), "unknown_effect"),
        (lambda b: b["actions"][0].update(to="nowhere"), "unknown_state"),
        (lambda b: b.update(initial="nowhere"), "unknown_state"),
        (lambda b: b["actions"][0]["fields"].append({"field": "nothing"}), "unknown_field"),
        (lambda b: b["clocks"][1]["limit"].update(field="nothing"), "unknown_field"),
        (lambda b: b["clocks"][1]["limit"].update(field="note"), "limit_no_date"),
        (lambda b: b["fields"][0].update(type="choice"), "choices_unfit"),
        (lambda b: b["actions"][3].update(hands_over_to="due"), "hand_over_unfit"),
        (lambda b: b["actions"][0].update(when={"field": "note", "in": ["x"]}), "condition_unfit"),
        (lambda b: b["states"].append(b["states"][0]), "key_twice"),
        (lambda b: b["actions"].append({**ACTION, "key": "open", "to": "work", "by": BY}), "reserved_key"),
        (lambda b: b.update(when_children_closed={"do": "start"}), "unknown_action"),
        (lambda b: b.update(when_child_closed="start"), "unknown_action"),
        (lambda b: b["opens"].update(as_child_of=["nothing"]), "unknown_procedure"),
    ],
)  # fmt: skip
def test_each_fault_is_found(change, code: str) -> None:
    assert code in findings(change)


def test_a_conditional_clock_counts_only_when_every_choice_has_one() -> None:
    kind = {
        "key": "kind", "label": "类", "label_en": "Kind", "type": "choice",
        "choices": [{"key": k, "label": k, "label_en": k} for k in ("x", "y")],
    }  # fmt: skip

    def only(values: list[str]):
        def change(body: dict[str, Any]) -> None:
            body["fields"].append(kind)
            body["periodic"].clear()
            for clock in body["clocks"]:
                clock["when"] = {"field": "kind", "in": values}

        return change

    assert findings(only(["x"])) == {"no_clock"}
    assert findings(only(["x", "y"])) == set()


def licence_findings(change) -> set[str]:
    body: dict[str, Any] = deepcopy(LICENCE)
    change({one["key"]: one for one in body["actions"]}, body)
    return {remark[0] for remark in lint_procedure(Procedure.model_validate(body), {})}


def test_the_licence_procedure_is_clean() -> None:
    assert licence_findings(lambda actions, body: None) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda a, b: a["hold_hearing"].pop("ground"), "suspension_ungrounded"),
        (lambda a, b: a["hold_hearing"].pop("written_notice"), "suspension_untold"),
        (lambda a, b: a["hold_hearing"].pop("asked_by"), "suspension_unapproved"),
        (lambda a, b: a["hold_hearing"].update(asked_by="nothing"), "unknown_action"),
        (lambda a, b: a["extend"].update(asked_by="ask_hearing"), "approval_unfit"),
        (lambda a, b: a["accept_by_silence"].update(asked_by="ask_hearing"), "approval_unfit"),
        (lambda a, b: a["hold_hearing"]["fields"][0].pop("required"), "notice_unfit"),
        (lambda a, b: a["hold_hearing"].update(written_notice="nothing"), "unknown_field"),
        (lambda a, b: b["fields"][4].update(sensitivity="restricted"), "notice_unfit"),
        (lambda a, b: a["extend"].pop("ground"), "extension_ungrounded"),
        (lambda a, b: a["extend"].pop("written_notice"), "extension_untold"),
        (lambda a, b: a["extend"].pop("at_most"), "extension_unbounded"),
        (lambda a, b: a["extend"]["extends"].pop("asked_by"), "extension_unapproved"),
        (lambda a, b: a["extend"]["extends"].update(clock="nothing"), "unknown_clock"),
        (lambda a, b: a["extend"]["extends"].update(asked_by="nothing"), "unknown_action"),
        (lambda a, b: a["extend"]["extends"].update(asked_by="extend"), "unknown_action"),
        (lambda a, b: b["clocks"][1].update(limit={"field": "since"}), "extension_unfit"),
        (lambda a, b: a["accept_by_silence"].update(counts_from="nothing"), "unknown_clock"),
        (lambda a, b: b["on_expiry"][0].update(clock="nothing"), "unknown_clock"),
        (lambda a, b: b["on_expiry"][0].update(do="accept"), "unknown_action"),
        (lambda a, b: b["on_expiry"][0].update(clock="decision"), "expiry_unfit"),
        (lambda a, b: a["accept_by_silence"].update(to="received"), "expiry_unfit"),
        (lambda a, b: a["accept_by_silence"].update(reason="required"), "expiry_unfit"),
        (lambda a, b: b["clocks"][2]["limit"].update(n=21), "promise_too_long"),
        (lambda a, b: a["grant"].update(when="case.area >= '60'"), "condition_unfit"),
        (lambda a, b: a["grant"].update(when="case.aera >= 60"), "condition_unfit"),
        (lambda a, b: a["grant"].update(when="case.area"), "condition_unfit"),
        (lambda a, b: b["clocks"][1].update(when="years_since(case.since) > 1"), "condition_moves"),
        (lambda a, b: a["grant"]["by"][0].update(power="case.nothing"), "unknown_field"),
        (lambda a, b: b["actions"].append({**a["refuse"], "key": "migrated"}), "reserved_key"),
    ],
)  # fmt: skip
def test_each_fault_in_the_words_about_limits_is_found(change, code: str) -> None:
    assert code in licence_findings(change)


def test_an_action_may_ask_what_day_it_is() -> None:
    assert not licence_findings(
        lambda actions, body: actions["grant"].update(when="years_since(case.since) > 1")
    )


@pytest.mark.parametrize(
    "when", [{"field": "kind"}, {"in": ["x"]}, {"field": "kind", "in": ["x"], "text": "true"}]
)
def test_a_condition_says_one_thing(when) -> None:
    body: dict[str, Any] = deepcopy(LICENCE)
    body["actions"][0]["when"] = when
    with pytest.raises(ValueError, match="when"):
        Procedure.model_validate(body)


def test_a_pause_that_a_limit_of_its_own_bounds_needs_nobody_to_approve_it() -> None:
    def bound(actions: dict[str, Any], body: dict[str, Any]) -> None:
        actions["hold_hearing"].pop("asked_by")
        length = {"n": 5, "kind": "working"}
        hearing = {"key": "hearing", "label": "听证期", "label_en": "Hearing", "limit": length}
        body["clocks"].append({**hearing, "runs_in": ["hearing"]})

    assert "suspension_unapproved" not in licence_findings(bound)
