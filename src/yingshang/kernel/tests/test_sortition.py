import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from yingshang.cli import cli
from yingshang.kernel.digests import SM3
from yingshang.kernel.sortition import (
    BadDraw,
    PoolTooLarge,
    draw,
    draw_from,
    draw_strata,
    key_of,
    parse_sources,
)

SOURCES = "9319\n2 5 12 8 10\n9 18 26 34 41 45\n"
KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
PUBLISHED = [17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22, 5, 18, 9, 1, 4]
METHODS = st.sampled_from(["rfc3797", "sm3"])


def test_the_published_draw() -> None:
    assert key_of(parse_sources(SOURCES)) == KEY
    assert draw(KEY, 25, 16, "rfc3797") == PUBLISHED


def test_leading_noughts_and_empty_lines_do_not_matter() -> None:
    assert key_of(parse_sources("\n0009319\n\n 2\t5 12 08 10\n9 18 26 34 41 45")) == KEY


def by_hand(key: str, pool: int, pick: int) -> list[int]:
    """The page docs/algorithms/sortition.md, followed to the letter."""
    left = list(range(1, pool + 1))
    picks = []
    for i in range(pick):
        k = key.encode()
        data = b"yingshang-sortition-sm3-1" + i.to_bytes(8, "big") + len(k).to_bytes(8, "big")
        number = int.from_bytes(SM3.digest(data + k + i.to_bytes(8, "big")), "big")
        picks.append(left.pop(number % len(left)))
    return picks


@given(st.text(max_size=8), st.integers(1, 60), st.data())
def test_the_page_and_the_program_agree(key: str, pool: int, data: st.DataObject) -> None:
    pick = data.draw(st.integers(1, pool))
    assert draw(key, pool, pick) == by_hand(key, pool, pick)


@given(st.text(max_size=8), st.integers(1, 60), METHODS)
def test_everybody_is_drawn_once_and_more_picks_only_add(key: str, pool: int, how: str) -> None:
    everybody = draw(key, pool, pool, how)
    assert sorted(everybody) == list(range(1, pool + 1))
    assert draw(key, pool, 1 + pool // 2, how) == everybody[: 1 + pool // 2]


def test_the_wide_counter_serves_large_pools() -> None:
    picks = draw(KEY, 3_000_000, 2_000)
    assert len(set(picks)) == 2_000
    assert max(picks) > 2_900_000


def test_every_candidate_is_drawn_about_as_often() -> None:
    counts = Counter(draw(f"{n}./", 10, 1)[0] for n in range(5_000))
    chi_square = sum((counts[c] - 500) ** 2 / 500 for c in range(1, 11))
    assert chi_square < 27.9  # 9 degrees of freedom, p = 0.001; the keys are fixed


def test_the_published_method_refuses_what_it_cannot_count() -> None:
    assert len(draw(KEY, 65_535, 1, "rfc3797")) == 1
    with pytest.raises(PoolTooLarge, match="sm3"):
        draw(KEY, 65_536, 1, "rfc3797")


@pytest.mark.parametrize(("pool", "pick"), [(0, 1), (5, 0), (5, 6), (5, -1), (-1, 1)])
def test_numbers_that_make_no_draw_are_refused(pool: int, pick: int) -> None:
    with pytest.raises(BadDraw):
        draw(KEY, pool, pick)


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadDraw, match="rfc3797"):
        draw(KEY, 5, 1, "coin")


MEMBERS = [f"企业{n:02d}" for n in range(20)]


@given(st.sets(st.sampled_from(MEMBERS), max_size=10), st.sampled_from(MEMBERS))
def test_a_later_recusal_brings_in_the_next_and_moves_nobody(first: set[str], late: str) -> None:
    before = draw_from(MEMBERS, KEY, 9, first)
    after = draw_from(MEMBERS, KEY, 9, first | {late})
    assert not set(after) & (first | {late})
    kept = [member for member in before if member != late]
    assert after[: len(kept)] == kept


def test_a_draw_of_members_is_the_draw_of_their_numbers() -> None:
    assert draw_from(MEMBERS, KEY, 5) == [MEMBERS[n - 1] for n in draw(KEY, 20, 5)]


def test_members_must_be_distinct_known_and_enough() -> None:
    for members, pick, exclude in [
        (["a", "a"], 1, []),
        (["a", "b"], 1, ["c"]),
        (["a", "b"], 2, ["a"]),
        ([], 1, []),
    ]:
        with pytest.raises(BadDraw):
            draw_from(members, KEY, pick, exclude)


def test_strata_are_drawn_apart() -> None:
    strata = {"甲": MEMBERS[:10], "乙": MEMBERS[10:], "丙": ["单独"]}
    drawn = draw_strata(strata, KEY, {"甲": 2, "乙": 3}, exclude=[MEMBERS[0]])
    assert [len(drawn[name]) for name in strata] == [2, 3, 0]
    assert drawn["乙"] == draw_from(MEMBERS[10:], KEY + "乙/", 3)
    with pytest.raises(BadDraw, match="丁"):
        draw_strata(strata, KEY, {"丁": 1})


def run(tmp_path: Path, text: str | bytes, *args: str) -> tuple[int, str, str]:
    path = tmp_path / "sources.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = CliRunner().invoke(cli, ["draw", "--sources", str(path), *args])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_key_and_picks(tmp_path: Path) -> None:
    args = ["--pool", "25", "--pick", "16", "--method", "rfc3797", "--json"]
    code, out, _ = run(tmp_path, SOURCES, *args)
    assert (code, json.loads(out)) == (0, {"key": KEY, "picks": PUBLISHED})


@pytest.mark.parametrize(
    ("text", "pool", "pick", "method", "told"),
    [
        (SOURCES, "70000", "5", "rfc3797", "sm3"),
        ("9319\n2,5,12", "25", "3", "sm3", "第 2 行"),
        ("-5", "25", "3", "sm3", "-5"),
        ("1.5", "25", "3", "sm3", "1.5"),
        ("", "25", "3", "sm3", "没有"),
        (SOURCES, "25", "26", "sm3", "26"),
        (SOURCES, "x", "3", "sm3", "x"),
        (b"\xff\xfe\x00", "25", "3", "sm3", "UTF-8"),
    ],
)
def test_bad_input_ends_with_2_and_a_sentence(
    tmp_path: Path, text: str | bytes, pool: str, pick: str, method: str, told: str
) -> None:
    code, out, err = run(tmp_path, text, "--pool", pool, "--pick", pick, "--method", method)
    assert (code, out) == (2, "")
    assert told in err


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    args = ["draw", "--sources", str(tmp_path / "none"), "--pool", "5", "--pick", "1"]
    assert CliRunner().invoke(cli, args).exit_code == 2
