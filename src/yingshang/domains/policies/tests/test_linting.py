"""What a person who writes policy texts and their rules is told before release."""

from typing import Any

import pytest

from yingshang.domains.policies.declaring import PolicyTextDeclaration, article_of
from yingshang.domains.policies.linting import lint_clauses, lint_text
from yingshang.facts.declaring import CodeListDeclaration
from yingshang.rulebook.declaring import PolicyDeclaration

TEXT: dict[str, Any] = {
    "key": "t",
    "title": "试点办法",
    "title_en": "Pilot",
    "number": "〔2026〕1号",
    "issuer": "organ",
    "level": "district",
    "issued_on": "2026-01-05",
    "valid_from": "2026-02-05",
    "valid_to": "2028-12-31",
    "topics": ["innovation"],
    "clauses": [
        {"label": "第一条第一项", "text": "（一）成立三年以内；", "marks": ["condition"]},
        {"label": "第二条", "text": "每户一万元。", "marks": ["amount"]},
        {"label": "第三条", "text": "失信的除外。", "marks": ["exclusion"]},
    ],
}
RULE: dict[str, Any] = {
    "key": "r",
    "title": "补助",
    "title_en": "Grant",
    "source": "试点办法",
    "text": "t",
    "valid_from": "2026-02-05",
    "valid_to": "2028-12-31",
    "condition": {
        "all": [
            {"text": "enterprise.young", "clause": "第一条第一项"},
            {"clause": "第三条", "not": {"any": ["enterprise.bad", "enterprise.worse"]}},
        ]
    },
    "results": {"amount": {"base": "1000000"}},
    "results_clause": "第二条",
    "asks": ["enterprise.plan"],
    "asks_clause": {"enterprise.plan": "第三条"},
}
TOPICS = CodeListDeclaration(
    key="policy_topics", label="主题", label_en="Topics", codes="innovation 科技创新 | Innovation\n"
)


def lints(text: dict[str, Any], rule: dict[str, Any]) -> list[tuple[str, str]]:
    one, policy = PolicyTextDeclaration(**text), PolicyDeclaration(**rule)
    known = {
        "organ": {"organ": object()},
        "code_list": {"policy_topics": TOPICS},
        "policy_text": {one.key: one},
        "policy": {policy.key: policy},
    }
    return [(r[0], r[1]) for r in (*lint_text(one, known), *lint_clauses(policy, known))]


def test_a_rule_whose_parts_all_rest_on_clauses_is_not_criticised() -> None:
    assert lints(TEXT, RULE) == []


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"text": "tt"}, "unknown_text", "是否为 t"),
        ({"condition": "enterprise.young"}, "no_clause", "没有写明依据的条款"),
        (
            {"condition": {"text": "enterprise.young", "clause": "第九条"}},
            "no_clause",
            "试点办法里没有第九条",
        ),
        ({"results_clause": ""}, "no_clause", "amount"),
        ({"results_clause": {"other": "第二条"}}, "no_clause", "amount"),
        ({"asks_clause": ""}, "no_clause", "enterprise.plan"),
        ({"valid_from": "2026-02-04"}, "outside_text", "施行日期"),
        ({"valid_to": None}, "outside_text", "失效日期"),
    ],
)
def test_what_rests_on_no_clause_is_found(change: dict[str, Any], code: str, says: str) -> None:
    found = [message for one, message in lints(TEXT, {**RULE, **change}) if one == code]
    assert found
    assert says in found[0]


def test_a_clause_on_which_no_rule_rests_is_found_unless_it_says_why() -> None:
    found = lints(TEXT, {**RULE, "condition": {"text": "true", "clause": "第一条第一项"}, "asks": [],
                         "asks_clause": ""})  # fmt: skip
    assert [code for code, _ in found] == ["clause_without_rule"]
    excused = [*TEXT["clauses"][:2], {**TEXT["clauses"][2], "unused": "由人工核查"}]
    quiet = lints({**TEXT, "clauses": excused}, {**RULE, "asks": [], "asks_clause": "",
                  "condition": {"text": "true", "clause": "第一条第一项"}})  # fmt: skip
    assert quiet == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"issuer": "oragn"}, "unknown_organ"),
        ({"topics": ["inovation"]}, "unknown_topic"),
        ({"supersedes": ["x"]}, "unknown_text"),
        ({"contact": {"organ": "nobody"}}, "unknown_organ"),
    ],
)
def test_names_that_nothing_declares_are_found(change: dict[str, Any], code: str) -> None:
    assert [one for one, _ in lints({**TEXT, **change}, RULE)] == [code]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"clauses": [TEXT["clauses"][0], TEXT["clauses"][0]]}, "条款标号重复"),
        ({"clauses": [{"label": "第一条", "text": "为了……", "marks": []}]}, "at least 1"),
        ({"valid_to": "2025-01-01"}, "valid_to 早于"),
        ({"published_on": "2025-01-01"}, "published_on 早于"),
        ({"level": "village"}, "level"),
    ],
)
def test_what_is_no_text_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        PolicyTextDeclaration(**{**TEXT, **change})


def test_the_article_of_a_label() -> None:
    assert article_of("第五条第一项") == "第五条"
    assert article_of("附则") == "附则"
