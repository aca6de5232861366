"""What is wrong with a claim item is found before anybody can claim."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from yingshang.domains.claims.items.declaring import ClaimItem, Instalment
from yingshang.domains.claims.items.linting import lint_item
from yingshang.domains.claims.settling import shares_of
from yingshang.rulebook.declaring import PolicyDeclaration

ITEM: dict[str, Any] = {
    "key": "rd", "label": "研发补助", "label_en": "Research grant", "policy": "rd",
    "organ": "qj-science", "fund": "innovation", "budget_line": "rd", "way": "automatic",
}  # fmt: skip
RANKING: dict[str, Any] = {"by": [{"text": "1", "label": "一"}], "quota": 3}
SCORING = {
    "field": "innovation",
    "experts": 3,
    "criteria": [{"key": "use", "label": "效果", "label_en": "Use", "most": 100}],
}
RULE = PolicyDeclaration(
    key="rd",
    title="研发补助",
    title_en="Research grant",
    source="办法第五条",
    valid_from="2026-01-01",  # type: ignore[arg-type]
    condition="true",
    results={"amount": {"base": "100", "cap": 50}, "sort": "'a'"},
)
KNOWN = {"policy": {"rd": RULE}, "organ": {"qj-science": None}}


def _codes(**changed: Any) -> list[str]:
    item = ClaimItem.model_validate(ITEM | changed)
    known = KNOWN | {"claim_item": {item.key: item}, "fund": {"innovation": _Fund()}}
    return [remark[0] for remark in lint_item(item, known)]


class _Line:
    key = "rd"


class _Fund:
    budget_lines = (_Line(),)


def test_an_item_that_fits_has_no_finding() -> None:
    assert _codes() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"policy": "rdd"}, "unknown_policy"),
        ({"organ": "qj-none"}, "unknown_organ"),
        ({"amount": "money"}, "unknown_result"),
        ({"amount": "sort"}, "result_not_money"),
        ({"excludes": ["rent"]}, "unknown_item"),
        ({"excludes_ever": ["rd"]}, "excludes_itself"),
        ({"way": "form", "materials": ["invoice"]}, "unknown_material"),
        ({"way": "form", "evidence": ["invoice_number"]}, "unknown_field"),
        ({"notice": {"key": "intended"}}, "unknown_public_notice"),
        ({"way": "form", "ranking": RANKING}, "ranking_unused"),
        (
            {"way": "scored", "scoring": SCORING, "ranking": {**RANKING, "ties": "draw"}},
            "ties_unfit",
        ),
        ({"ranking": {"by": RANKING["by"]}}, "ranking_unbounded"),
        ({"ranking": {"by": [{"text": "enterprise.nothing", "label": "无"}]}}, "rule_undeclared"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, Any], code: str) -> None:
    assert code in _codes(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"way": "scored"},
        {"materials": ["invoice"]},
        {"instalments": [{"share": "0.6"}, {"share": "0.3"}]},
        {"window": {"from": "2026-05-01", "to": "2026-04-01"}},
    ],
)
def test_what_contradicts_itself_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ClaimItem.model_validate(ITEM | changed)


PARTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=12)


@given(fen=st.integers(0, 10**13), parts=PARTS)
def test_instalments_are_the_whole_amount_to_the_fen(fen: int, parts: list[int]) -> None:
    shares = [Decimal(one) / sum(parts) for one in parts[:-1]]
    given_ = tuple(Instalment(share=one) for one in (*shares, Decimal(1) - sum(shares)))
    found = shares_of(fen, given_)
    assert sum(found) == fen
    assert min(found) >= 0
