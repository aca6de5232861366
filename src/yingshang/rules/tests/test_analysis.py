"""What is found about policies before any subject is seen."""

import json
import re
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.rules import analysis
from yingshang.rules.analysis import Finding
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.policies import read_policy
from yingshang.rules.types import BOOL, INT

FACTS = """\
facts:
  enterprise.a: int
  enterprise.rev: money
  enterprise.ratio: double
  enterprise.on: bool
  enterprise.d: date
  enterprise.s: string
  enterprise.registered_place: string
  enterprise.kind: {type: code, label: 企业所有制性质}
"""


def check(tmp_path: Path, *conditions: str) -> dict[str, Any]:
    path = tmp_path / "p.yaml"
    policies = [
        f"---\nid: p{number}\ntitle: t\ncondition: {json.dumps(text)}\n"
        for number, text in enumerate(conditions)
    ]
    path.write_text(FACTS + "".join(policies), "utf-8")
    return said_of(path)


def said_of(path: Path) -> dict[str, Any]:
    args = ["rules", "check", str(path), "--as-of", "2026-11-22", "--json"]
    result = CliRunner().invoke(cli, args)
    said: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (0 if said["ok"] else 1)
    return said


def findings(tmp_path: Path, *conditions: str) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (finding["code"], tuple(finding["policies"]))
        for finding in check(tmp_path, *conditions)["findings"]
        if finding["code"] != "unused_fact"
    }


@pytest.mark.parametrize(
    "text",
    [
        "enterprise.a > 5 && enterprise.a < 3",
        "enterprise.a > 5 && enterprise.a < 6",
        "enterprise.s == 'A' && enterprise.s in ['B', 'C']",
        "years_since(enterprise.d) >= 5 && enterprise.d > date('2022-01-01')",
        "enterprise.on && !enterprise.on",
        "has(enterprise.a) && !has(enterprise.a)",
        "enterprise.ratio > 0.5 && enterprise.ratio < 0.5",
    ],
)
def test_never_satisfiable(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == {("never_satisfiable", ("p0",))}


@pytest.mark.parametrize(
    "text",
    ["enterprise.a > 5 || enterprise.a <= 5", "enterprise.on || !enterprise.on", "1 < 2"],
)
def test_always_true(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == {("always_true", ("p0",))}


@pytest.mark.parametrize(
    "text",
    [
        "enterprise.a > 5 && enterprise.a < 7",
        "enterprise.ratio > 0.5 && enterprise.ratio < 0.6",
        "years_since(enterprise.d) >= 5 && enterprise.d > date('2020-01-01')",
        "enterprise.s.startsWith('C') && enterprise.s.endsWith('9')",
        "enterprise.a * 2 == 5",
    ],
)
def test_nothing_is_claimed_that_is_not_proved(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == set()


def test_contrary_same_and_overlapping_policies(tmp_path: Path) -> None:
    found = findings(
        tmp_path, "enterprise.a > 5", "enterprise.a > 7", "enterprise.a < 3", "enterprise.a>5"
    )
    assert ("overlapping", ("p0", "p1")) in found
    assert ("contradictory", ("p1", "p2")) in found
    assert ("same_condition", ("p0", "p3")) in found


def test_tiers_that_leave_a_gap(tmp_path: Path) -> None:
    tiers = ("enterprise.rev < 100 && enterprise.on", "enterprise.rev > 100 && enterprise.on")
    assert ("threshold_gap", ("p0", "p1")) in findings(tmp_path, *tiers)
    assert ("threshold_gap", ("p0",)) in findings(
        tmp_path, "enterprise.ratio < 0.1 || enterprise.ratio > 0.2"
    )
    whole = ("enterprise.rev <= 99", "enterprise.rev >= 100")
    assert {code for code, _ in findings(tmp_path, *whole)} == {"contradictory"}


@pytest.mark.parametrize(
    ("tiers", "ends"),
    [
        (("years_since(enterprise.d) < 3", "years_since(enterprise.d) > 4"), "3 与 4"),
        (
            ("enterprise.d < date('2020-01-01')", "enterprise.d > date('2021-12-31')"),
            "2020-01-01 与 2021-12-31",
        ),
        (("enterprise.a * 2 < 10", "enterprise.a * 2 >= 12"), "10 与 12"),
    ],
)
def test_tiers_of_days_and_of_what_is_computed_leave_gaps_too(
    tmp_path: Path, tiers: tuple[str, str], ends: str
) -> None:
    said = check(tmp_path, *tiers)["findings"]
    messages = [f["message"] for f in said if f["code"] == "threshold_gap"]
    assert len(messages) == 1
    assert ends in messages[0]


def test_adjoining_tiers_of_years_leave_no_gap(tmp_path: Path) -> None:
    found = findings(tmp_path, "years_since(enterprise.d) < 3", "years_since(enterprise.d) >= 3")
    assert {code for code, _ in found} <= {"contradictory"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("enterprise.registered_place == '金山区'", "enterprise.registered_place"),
        ("enterprise.kind == 'x'", "企业所有制性质"),
        ("enterprise.s in ['民营企业', '其他']", "“民营企业”"),
    ],
)
def test_a_condition_on_owner_or_place_of_registration(
    tmp_path: Path, text: str, named: str
) -> None:
    said = check(tmp_path, text)["findings"]
    local = [f for f in said if f["code"] == "fair_competition"]
    assert [f["policies"] for f in local] == [["p0"]]
    assert named in local[0]["message"]


def test_an_amount_by_owner_is_told_like_a_condition(tmp_path: Path) -> None:
    results = "results: {amount: \"enterprise.kind == 'x' ? 1 : 2\"}\n"
    path = tmp_path / "p.yaml"
    path.write_text(f"{FACTS}---\nid: p\ntitle: t\ncondition: enterprise.on\n{results}", "utf-8")
    said = said_of(path)["findings"]
    assert "fair_competition" in {f["code"] for f in said}
    unused = [f["message"] for f in said if f["code"] == "unused_fact"]
    assert unused
    assert not any("enterprise.kind" in message for message in unused)


def test_what_a_policy_asks_for_and_does_not_use_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    policy = "id: p\ntitle: t\ncondition: enterprise.on\nasks: [enterprise.on, enterprise.rev]\n"
    path.write_text(f"{FACTS}---\n{policy}", "utf-8")
    said = said_of(path)["findings"]
    asked = [f for f in said if f["code"] == "unused_fact" and f["policies"]]
    assert [f["policies"] for f in asked] == [["p"]]
    assert "enterprise.rev" in asked[0]["message"]


def test_pairs_that_were_not_compared_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "MOST_WORK", 1)
    texts = ("enterprise.a > 5", "enterprise.a > 7", "enterprise.a < 3")
    assert ("not_compared", ()) in findings(tmp_path, *texts)


def test_a_fact_that_no_rule_uses_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(FACTS + "---\nid: p\ntitle: t\ncondition: enterprise.on\n", "utf-8")
    result = CliRunner().invoke(cli, ["rules", "check", str(path)])
    assert result.exit_code == 1
    assert "enterprise.rev" in result.stdout
    assert "enterprise.on，" not in result.stdout


def test_policies_without_any_catalogue_are_judged_by_how_they_use_their_facts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "p.yaml"
    texts = [
        "enterprise.d < date('2020-01-01') && years_since(enterprise.d) < 2",
        "enterprise.n > 5 && enterprise.n < 3 && enterprise.on",
        "enterprise.x == 1 || enterprise.x == 'a'",
        "enterprise.tags.all(t, t == 'x')",
        "enterprise.n > enterprise.m",
    ]
    path.write_text(
        "".join(
            f"---\nid: p{n}\ntitle: t\ncondition: {json.dumps(text)}\n"
            for n, text in enumerate(texts)
        ),
        "utf-8",
    )
    found = said_of(path)["findings"]
    assert [(f["code"], f["policies"]) for f in found] == [
        ("never_satisfiable", ["p0"]),
        ("never_satisfiable", ["p1"]),
        ("types_at_odds", ["p2"]),
    ]


def test_a_bad_rule_is_an_error_with_its_place(tmp_path: Path) -> None:
    assert findings(tmp_path, "enterprise.on", "enterprise.on + 1") >= {("rule_type", ("p1",))}


def undeclared(tmp_path: Path, *texts: str) -> list[tuple[str, tuple[str, ...]]]:
    path = tmp_path / "p.yaml"
    policies = (
        f"---\nid: p{n}\ntitle: t\ncondition: {json.dumps(t)}\n" for n, t in enumerate(texts)
    )
    path.write_text("".join(policies), "utf-8")
    return [(f["code"], tuple(f["policies"])) for f in said_of(path)["findings"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a > b && b > a", "never_satisfiable"),
        ("a + 1 > 5 && a + 1 < 3", "never_satisfiable"),
        ("size(l) > 3 && size(l) < 2", "never_satisfiable"),
        ("'x' in l && !('x' in l)", "never_satisfiable"),
        ("s.startsWith('a') && !s.startsWith('a')", "never_satisfiable"),
        ("a > b || a <= b", "always_true"),
        ("min(a, 3) > 1 || min(a, 3) <= 1", "always_true"),
    ],
)
def test_computed_values_contradict_themselves(tmp_path: Path, text: str, code: str) -> None:
    assert undeclared(tmp_path, text) == [(code, ("p0",))]


@pytest.mark.parametrize(
    "text", ["a > b && b > c && c > a", "a > 5 && a + 1 < 3", "a > 5 && a < 6"]
)
def test_what_is_not_proved_is_not_said(tmp_path: Path, text: str) -> None:
    """A number that nothing declares may be 5.5."""
    assert undeclared(tmp_path, text) == []


def test_a_fact_taken_for_two_types_is_named(tmp_path: Path) -> None:
    assert undeclared(tmp_path, "a > 1", "a == 'x'") == [("types_at_odds", ("p0", "p1"))]
    assert undeclared(tmp_path, "a > 1 && a < 2.5", "years_since(d) > 1 && d != 'x'", "a > b") == []


def test_tiers_of_undeclared_numbers_and_days_are_whole(tmp_path: Path) -> None:
    assert ("threshold_gap", ("p0", "p1")) not in undeclared(tmp_path, "a <= 9", "a >= 10")
    path = tmp_path / "p.yaml"
    undeclared(tmp_path, "d < date('2020-01-01')", "d > date('2020-01-01')")
    assert "2020-01-01 与 2020-01-01" in said_of(path)["findings"][-1]["message"]


def test_conditions_that_loop_long_are_searched_for_a_bounded_time(tmp_path: Path) -> None:
    many = str(list(range(300)))
    begun = time.process_time()
    assert undeclared(tmp_path, f"{many}.all(a, {many}.all(b, a + b > x))") == []
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "text",
    ["is_soe", "企业.注册地 == 'x'", "kind == 'state-owned'", "firm.reg_district == 'x'", "local"],
)
def test_owners_and_places_have_many_names(tmp_path: Path, text: str) -> None:
    assert undeclared(tmp_path, text) == [("fair_competition", ("p0",))]


DAY = date(2026, 11, 22)
TYPES = {"enterprise.a": INT, "enterprise.b": INT, "enterprise.c": BOOL}
MANY = (
    "a > 5 && b > 3", "a > 7 && b > 3", "a < 3", "a >= 3 && a <= 5", "a > 5 || c", "a > 5 && b > 3",
    "a > 1 && a < 1", "c", "!c && b > 10", "b > 3 && a > 2", "b < 20", "a == 6 && b == 4",
)  # fmt: skip


def compiled(*conditions: str) -> list[Rule]:
    """Return rules over whole numbers ``a`` and ``b`` and a fact ``c``."""
    facts = {key: Declared(kind) for key, kind in TYPES.items()}
    policies = [
        read_policy(
            {
                "id": f"p{number}",
                "title": "t",
                "condition": re.sub(r"\b([abc])\b", r"enterprise.\1", text),
            }
        )
        for number, text in enumerate(conditions)
    ]
    return list(compile_rules(policies, Declarations(facts, DAY)))


def counted(found: list[Finding]) -> Counter[tuple[str, frozenset[str]]]:
    return Counter((one.code, frozenset(one.policies)) for one in found)


@pytest.mark.parametrize("own", [(0,), (4,), (6,), (11,), (2, 3), (0, 5, 9)])
def test_beside_others_everything_is_found_that_concerns_ones_own(own: tuple[int, ...]) -> None:
    rules = compiled(*MANY)
    mine = tuple(rules[place] for place in own)
    others = tuple(one for one in rules if one not in mine)
    ids = {one.id for one in mine}
    whole = analysis.analyse((*mine, *others), DAY)
    expected = counted([one for one in whole if ids & set(one.policies)])
    assert expected
    assert counted(analysis.analyse_beside(mine, others, DAY)) == expected


def test_a_rule_is_compared_with_every_other_and_those_not_with_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, *others = compiled("a > 100", *(f"a > {least} && c" for least in range(300)))
    searched: list[Any] = []
    find = analysis.find_case
    monkeypatch.setattr(
        analysis, "find_case", lambda *a, **k: (searched.append(a), find(*a, **k))[1]
    )
    found = counted(analysis.analyse_beside((own,), tuple(others), DAY))
    within = {f"p{number}" for number in range(101, 301)}
    assert {one for code, both in found for one in both - {"p0"} if code == "overlapping"} == within
    assert not any(code == "not_compared" for code, _policies in found)
    assert len(searched) <= 2 + (2 + 3) * len(others)


def test_what_earlier_searches_met_changes_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        *MANY,
        *(f"a > {n} && b < {2 * n}" for n in range(8)),
        *(f"a + b > {n}" for n in (3, 9)),
    ]
    rules = tuple(compiled(*texts))
    remembering = counted(analysis.analyse(rules, DAY))
    monkeypatch.setattr(analysis._Budget, "show", lambda *_pair: set())
    assert counted(analysis.analyse(rules, DAY)) == remembering


def test_a_pair_that_one_pass_gives_up_is_compared_again_with_what_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = " && ".join(f"(a > {n} || b > {n} || c)" for n in range(4))
    rules = tuple(compiled(f"{parts} && a + b < 4 && !c", "a + b > 4", *MANY))
    thorough = counted(analysis.analyse(rules, DAY))
    budget = analysis._Budget

    def hasty(left: int, _each: int) -> Any:
        return budget(left, 3)

    monkeypatch.setattr(analysis, "_Budget", hasty)
    assert counted(analysis.analyse(rules, DAY)) == thorough
