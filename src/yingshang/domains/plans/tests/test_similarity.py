"""Which measure answers to which: on a sample of known pairs, and by hand."""

import csv
import itertools
import random
import time

import pytest
from django.conf import settings

from yingshang.domains.plans.parsing import parse_bytes
from yingshang.domains.plans.similarity import Item, cheapest_assignment, match, normalise

PLANS = settings.CHECKOUT / "content" / "demo-district" / "plans"


def items(name: str) -> list[Item]:
    plan = parse_bytes((PLANS / name).read_bytes(), name)
    return [
        Item(
            str(m.number),
            f"{m.title or ''} {m.text}",
            " / ".join(filter(None, (m.chapter, m.section, m.action))),
        )
        for m in plan.measures
    ]


def test_all_known_pairs_of_the_sample_plans_are_found_and_no_other() -> None:
    rows = csv.DictReader((PLANS / "continuation.csv").open(encoding="utf-8"))
    known = {
        (r["measure_2025"], r["measure_2026"]) for r in rows if r["relation"] in ("kept", "changed")
    }
    found = match(items("qingjiang-2025.txt"), items("qingjiang-2026.txt"))
    pairs = {(p.left, p.right) for p in found.pairs}
    assert pairs == known
    assert len(known) > 40
    assert len(found.left_only) == 47 - len(known)
    assert len(found.right_only) == 50 - len(known)


def test_a_plan_matches_itself_entirely() -> None:
    plan = items("qingjiang-2026-2030.txt")
    assert [(p.left, p.right, round(p.similarity, 6)) for p in match(plan, plan).pairs] == [
        (i.id, i.id, 1.0) for i in plan
    ]


def test_decisions_stand_against_the_texts() -> None:
    left = [Item("a", "推行一窗通办服务"), Item("b", "减少现场检查次数")]
    right = [Item("x", "推行一窗通办服务"), Item("y", "完全不同的内容")]
    assert [(p.left, p.right) for p in match(left, right).pairs] == [("a", "x")]
    found = match(left, right, linked=[("b", "y"), ("z", "y")], unlinked={("a", "x")})
    assert [(p.left, p.right, p.decided) for p in found.pairs] == [("b", "y", True)]
    assert (found.left_only, found.right_only) == (("a",), ("x",))


def test_of_two_equal_texts_the_one_under_the_same_heading_is_meant() -> None:
    left = [Item("1", "公布清单", "政务"), Item("2", "公布清单", "法治")]
    right = [Item("3", "公布清单", "法治"), Item("4", "公布清单", "政务")]
    assert {(p.left, p.right) for p in match(left, right).pairs} == {("1", "4"), ("2", "3")}


def test_signs_and_width_make_no_difference() -> None:
    assert normalise("“Ａ１”，办 件。") == normalise("a1办件")
    (pair,) = match([Item("a", "办理时限,1天")], [Item("b", "办理时限，１天。")]).pairs
    assert pair.similarity == pytest.approx(1)


def test_empty_sides_and_empty_texts_are_no_fault() -> None:
    assert match([], [Item("a", "x")]).right_only == ("a",)
    assert match([Item("a", "")], [Item("b", "，。")]).pairs == ()


@pytest.mark.parametrize("seed", range(30))
def test_the_assignment_is_the_cheapest_of_all(seed: int) -> None:
    chance = random.Random(seed)
    rows, columns = chance.randint(1, 4), chance.randint(4, 6)
    costs = [[chance.uniform(-1, 1) for _ in range(columns)] for _ in range(rows)]
    chosen = cheapest_assignment(costs)
    assert len(set(chosen)) == rows
    best = min(
        sum(costs[r][c] for r, c in enumerate(p))
        for p in itertools.permutations(range(columns), rows)
    )
    assert sum(costs[r][c] for r, c in enumerate(chosen)) == pytest.approx(best)


def test_large_plans_take_well_under_a_second() -> None:
    base = items("qingjiang-2025.txt")
    left = [Item(f"{n}-{i.id}", f"{i.text}第{n}批", i.heading) for n in range(3) for i in base]
    right = [Item(f"{n}-{i.id}", f"{i.text}第{n}批次", i.heading) for n in range(2) for i in base]
    begin = time.perf_counter()
    found = match(left, right)
    assert time.perf_counter() - begin < 1.5
    assert len(found.pairs) == len(right)
