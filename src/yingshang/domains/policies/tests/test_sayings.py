"""What was read out of a wording is said in words that a clerk can check."""

import pytest

from yingshang.domains.policies.forms import ProposalForm
from yingshang.domains.policies.models import Proposal
from yingshang.domains.policies.sayings import meant_in, said_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.mark.parametrize(
    ("sort", "content", "said"),
    [
        (
            "condition",
            {"fact": "x", "op": ">=", "value": 5_000_000, "unit": "元"},
            "x不低于500 万元",
        ),
        ("condition", {"fact": "x", "op": ">=", "value": 3, "unit": "年"}, "x距今不低于3 年"),
        ("condition", {"fact": "x", "op": ">", "value": 5, "unit": "percent"}, "x高于5%"),
        ("condition", {"fact": "x", "op": "is false"}, "“x”为否"),
        ("condition", {"fact": "x", "op": "in", "value": ["甲", "乙"]}, "x为甲、乙之一"),
        ("condition", {"fact": None, "op": "==", "value": "本区"}, "没有对应的数据，由人补写"),
        (
            "amount",
            {
                "form": "rate",
                "value": 5,
                "unit": "percent",
                "base": "x",
                "caps": [{"value": 300_000, "unit": "元"}],
            },
            "x × 5%，最高 30 万元",
        ),
        (
            "amount",
            {"form": "up_to", "value": 2000, "unit": "元", "per": ["人"]},
            "每人 最高 2,000 元",
        ),
        ("material", {}, "审计报告"),
    ],
)
def test_a_proposal_is_said_in_words(sort: str, content: dict[str, object], said: str) -> None:
    assert said_of(Proposal(sort=sort, content=content, words="审计报告")) == said


def test_the_fact_that_a_share_is_of_is_found_in_the_wording() -> None:
    facts = {"rd": "上年研发费用", "revenue": "上年营业收入", "staff": "从业人数"}
    assert meant_in("按照上年度研发费用的5%给予补助", facts) == "rd"
    assert meant_in("按照投资额的5%给予补助", facts) == ""


def test_what_is_filled_in_changes_a_proposal() -> None:
    share = Proposal(
        sort="amount", content={"form": "rate", "value": 5, "unit": "percent", "base": "a * b"}
    )
    form = ProposalForm({"decision": "confirmed", "base": "a * b"}, share)
    assert form.is_valid()
    assert form.cleaned_data["decision"] == "changed"
    assert "condition" not in form.fields
    plain = ProposalForm({"decision": "confirmed"}, Proposal(sort="material", content={}))
    assert plain.is_valid()
    assert plain.cleaned_data == {"decision": "confirmed", "why": ""}
