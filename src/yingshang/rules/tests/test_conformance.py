"""The published CEL conformance suite: what is supported behaves exactly as the suite says."""

import json
from pathlib import Path
from typing import Any

import pytest

from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import RuleFault
from yingshang.rules.evaluating import evaluate
from yingshang.rules.values import Failure, to_plain

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/cel-conformance.jsonl").read_text().splitlines()
]
REFUSED = {
    "basic/variables/unbound_is_runtime_error": "rule_undeclared",
    "basic/functions/unbound_is_runtime_error": "unknown function",
    "logic/conditional/mixed_type": "mixed result types",
    "logic/AND/short_circuit_type_left": "non-boolean operand",
    "logic/AND/short_circuit_type_right": "non-boolean operand",
    "logic/OR/short_circuit_type_left": "non-boolean operand",
    "logic/OR/short_circuit_type_right": "non-boolean operand",
    "comparisons/eq_literal/not_eq_list_null": "mixed list",
    "comparisons/eq_literal/not_eq_list_length": "== on list, list",
    "comparisons/eq_literal/not_eq_list_false_vs_types": "mixed list",
    "comparisons/eq_literal/not_eq_list_elem_null": "mixed list",
    "comparisons/in_list_literal/elem_in_mixed_type_list": "mixed list",
    "macros/exists/list_elem_type_shortcircuit": "mixed list",
    "macros/exists/list_elem_type_exhaustive": "mixed list",
    "macros/all/list_elem_type_shortcircuit": "mixed list",
}
"""What only a dynamic evaluator accepts, with the construct that the refusal names: 15 of 465."""


def _plain(want: dict[str, Any]) -> Any:
    ((kind, value),) = want.items()
    return [_plain(item) for item in value] if kind == "list" else value


def _answer(case: dict[str, Any]) -> Any:
    assert case["facts"] == {}
    value = evaluate(check(case["expr"], Declarations()), {})
    return "error" if isinstance(value, Failure) else to_plain(value)


def _answer_or_refusal(case: dict[str, Any]) -> Any:
    try:
        return _answer(case)
    except RuleFault:
        return "error"


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 465
    assert len(REFUSED) <= 0.15 * len(CASES)
    assert set(REFUSED) <= {case["id"] for case in CASES}


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["id"] not in REFUSED], ids=lambda c: c["id"]
)
def test_supported_case(case: dict[str, Any]) -> None:
    if case["want"] == "error":
        assert _answer_or_refusal(case) == "error"
        return
    answer = _answer(case)
    wanted = _plain(case["want"])
    assert (type(answer), repr(answer)) == (type(wanted), repr(wanted))


@pytest.mark.parametrize("case", [c for c in CASES if c["id"] in REFUSED], ids=lambda c: c["id"])
def test_refused_by_name_with_its_position(case: dict[str, Any]) -> None:
    with pytest.raises(RuleFault) as refusal:
        _answer(case)
    fault = refusal.value
    assert REFUSED[case["id"]] in (fault.construct, fault.code)
    assert fault.source == case["expr"]
    assert 0 <= fault.start < fault.end <= len(case["expr"])
