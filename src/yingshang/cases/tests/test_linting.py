"""What is found in a procedure before anybody opens a case under it."""

from copy import deepcopy
from typing import Any

import pytest

from yingshang.cases.linting import lint_procedure
from yingshang.cases.procedure import Procedure
from yingshang.cases.tests.conftest import TRIAL


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
        (lambda b: (b["clocks"].clear(), b["periodic"].clear()), "no_clock"),
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
