"""Importing a wording, turning proposals into a rule, and who is drawn to be heard."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingshang.domains.policies.cleaning import Criteria, listed_by
from yingshang.domains.policies.declaring import Mark
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.look_back import COVERED, LookBack, look_back_on
from yingshang.domains.policies.models import Decision
from yingshang.domains.policies.ruling import condition_text, rule_of
from yingshang.domains.policies.splitting import guess_marks, split_wording
from yingshang.domains.policies.strata import shares_for
from yingshang.domains.policies.tests.conftest import Library
from yingshang.facts.catalogue import current_catalogue

ARTICLES = """试点区稳外贸办法
试商规〔2026〕3号
第一章 总则
第一条　为稳定外贸，制定本办法。
第二条 企业应当同时符合下列条件：
（一）出口额不低于100万元，
且没有欠税；
（二）成立三年以内。
第三条 本办法自2026年3月1日起施行，有效期至2027年12月31日。
2026年1月20日
"""


@pytest.mark.one_database
def test_articles_and_items_become_clauses_with_their_masthead() -> None:
    found = split_wording(ARTICLES)
    assert (found.title, found.number) == ("试点区稳外贸办法", "试商规〔2026〕3号")
    assert (found.issued_on, found.valid_from, found.valid_to) == (
        date(2026, 1, 20),
        date(2026, 3, 1),
        date(2027, 12, 31),
    )
    assert [clause.label for clause in found.clauses] == [
        "第一条", "第二条", "第二条第一项", "第二条第二项", "第三条",
    ]  # fmt: skip
    assert found.clauses[2].text == "（一）出口额不低于100万元，且没有欠税；"
    assert found.clauses[0].marks == [Mark.PURPOSE]


@pytest.mark.one_database
def test_a_label_is_never_longer_than_what_an_opinion_can_name() -> None:
    found = split_wording(
        f"第一条 支持企业\n第{'一' * 90}条 不低于2000万元\n（{'二' * 90}）成立三年以内"
    )
    assert [one.label for one in found.clauses] == ["第一条"]
    assert "2000万元" in found.clauses[0].text


@pytest.mark.one_database
def test_a_text_without_articles_is_split_at_its_headings() -> None:
    found = split_wording("若干措施\n一、支持对象\n（一）小微企业；\n二、支持标准\n每户一万元。\n")
    assert [clause.label for clause in found.clauses] == ["第一条", "第一条第一项", "第二条"]
    assert found.clauses[2].text == "支持标准每户一万元。"
    assert split_wording("只是一段话，没有标号。").clauses == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("失信企业不予补助。", [Mark.EXCLUSION]),
        ("违规的，应当退回。", [Mark.CLAWBACK]),
        ("本办法所称企业，是指公司。", [Mark.DEFINITION]),
        ("其他事项另行通知。", [Mark.OTHER]),
    ],
)
def test_words_suggest_marks(text: str, marks: list[Mark]) -> None:
    assert guess_marks(text) == marks


def proposal(sort: str, content: dict[str, Any], decision: Any = Decision.CONFIRMED) -> Any:
    return SimpleNamespace(
        sort=sort, content=content, decided=None, decision=decision, words="原文", clause="第一条"
    )


@pytest.mark.django_db
def test_only_confirmed_proposals_become_a_rule_and_the_rest_stays_a_remark(
    library: Library,
) -> None:
    catalogue = current_catalogue()
    declared = catalogue.declarations(date(2026, 3, 1), {})
    staff = {"fact": "enterprise.staff", "op": ">=", "value": 10, "unit": "人"}
    ruled = rule_of(
        [
            proposal("condition", staff),
            proposal("condition", {**staff, "value": 99}, Decision.REJECTED),
            proposal("condition", {"fact": None, "op": "is true", "value": None, "unit": None}),
            proposal("condition", {"fact": "enterprise.on_list", "op": "is false", "value": None}),
            proposal("amount", {"form": "fixed", "value": 50000, "unit": "元"}),
            proposal("amount", {"form": "rate", "value": 8, "unit": "percent"}),
            proposal("amount", {"form": "rate", "value": 8, "unit": "percent", "base": "b",
                                "caps": [{"value": 1000, "unit": "元"}]}),
        ],
        catalogue,
        declared,
    )  # fmt: skip
    assert [leaf["text"] for leaf in ruled.leaves] == [
        "enterprise.staff >= 10", "!enterprise.on_list",
    ]  # fmt: skip
    assert len(ruled.open) == 2
    assert ruled.results["amount"] == {"base": "5000000"}
    assert ruled.results["amount_2"] == {
        "base": "b", "rate": "0.08", "rounding": "half-up", "cap": 100000,
    }  # fmt: skip
    assert set(ruled.results_clause.values()) == {"第一条"}


@pytest.mark.one_database
def test_this_district_stands_for_its_division(settings: Any) -> None:
    catalogue: Any = SimpleNamespace(columns={"place": SimpleNamespace(type="code")})
    settings.DIVISION = "339705"
    here = {"fact": "place", "op": "==", "value": "本区"}
    assert condition_text(here, catalogue) == 'place.startsWith("339705")'


@pytest.mark.one_database
@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.tuples(st.integers(1, 50), st.booleans()),
        min_size=1,
        max_size=8,
    ),
    st.data(),
)
def test_shares_add_up_fit_their_strata_and_hold_enough_small_firms(
    sizes: dict[str, tuple[int, bool]], data: st.DataObject
) -> None:
    total = sum(count for count, _small in sizes.values())
    wanted = data.draw(st.integers(1, total))
    least = -(-wanted // 2)
    picks = shares_for(sizes, wanted, least_small=least)
    assert sum(picks.values()) == wanted
    assert all(0 <= picks[name] <= sizes[name][0] for name in picks)
    small = sum(count for count, is_small in sizes.values() if is_small)
    drawn = sum(pick for name, pick in picks.items() if sizes[name][1])
    assert drawn >= min(least, small)


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_clean_up_lists_by_its_rule_and_says_why(library: Library) -> None:
    library.text(key="ends-soon", valid_to="2026-06-20")
    library.text(key="old", valid_from="2020-01-01", valid_to=None)
    library.text(key="gone", abolished={"from": "2026-05-01", "reason": "不再执行"})
    library.text(key="below", rests_on=["gone"], valid_to=None)
    day = date(2026, 6, 1)

    def listed(**rule: Any) -> dict[str, list[str]]:
        found = listed_by(Criteria(**rule), current_library(), day)
        return {text.key: grounds for text, grounds in found}

    assert listed(expiring_days=30) == {"ends-soon": ["expiring"]}
    assert listed(older_than_years=5) == {"old": ["old"]}
    assert listed(rests_on_abolished=True) == {"below": ["rests_on_abolished"]}
    assert listed(over=True) == {}
    assert listed(expiring_days=30, issuers=("tax",)) == {}


@pytest.mark.django_db
def test_what_nobody_can_tell_is_unknown_and_not_nought(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.text()
    library.rule()
    text = current_library().get("t")
    monkeypatch.setattr(COVERED, "_things", {})
    assert look_back_on(text).covered is None
    assert look_back_on(text).reach is None
    monkeypatch.setattr(COVERED, "_things", {"one": lambda keys: {1, 2} if "r" in keys else None})
    found = look_back_on(text)
    assert (found.covered, found.known_entitled, found.awareness) == (2, 0, 0.0)
    assert LookBack(1, 4, 3, 1).reach == 0.75
