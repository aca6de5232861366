import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingshang.kernel.canonical import NotCanonical, canonical_json, digest
from yingshang.kernel.digests import HASHES, SHA256, SM3

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-(2**53) + 1, 2**53 - 1)
    | st.floats(1e21, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_the_example_of_the_standard() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical_json(value) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_in_the_order_of_utf_16() -> None:
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == (
        '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )


class Grade(StrEnum):
    A = "甲"


class Level(IntEnum):
    TWO = 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 11, 1), '"2026-11-01"'),
        (
            datetime(2026, 11, 1, 8, tzinfo=timezone(timedelta(hours=8))),
            '"2026-11-01T00:00:00.000000Z"',
        ),
        (datetime(2026, 11, 1, 0, 0, 0, 5, tzinfo=UTC), '"2026-11-01T00:00:00.000005Z"'),
        (Decimal("1.50"), '"1.50"'),
        (Decimal("1E+3"), '"1000"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ((1, Grade.A, Level.TWO), '[1,"甲",2]'),
        ({"b": 1, "a": True}, '{"a":true,"b":1}'),
    ],
)
def test_the_stated_forms(value: object, text: str) -> None:
    assert canonical_json(value).decode() == text


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ({"a": [1, float("nan")]}, r"\$\.a\[1\]"),
        (float("inf"), r"\$"),
        ({"n": 2**53}, r"\$\.n"),
        (-(2**53), r"\$"),
        (1e16, r"\$"),
        ({1: "x"}, r"\$"),
        ({"at": datetime(2026, 1, 1)}, r"\$\.at"),
        ({"x": {1, 2}}, r"\$\.x"),
        (b"bytes", "bytes"),
        (Decimal("NaN"), r"\$"),
        ("\ud800", r"\$"),
    ],
)
def test_what_has_no_form_is_refused_with_its_place(value: object, at: str) -> None:
    with pytest.raises(NotCanonical, match=at):
        canonical_json(value)


@given(JSON)
def test_the_form_reads_back_and_is_stable(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(max_size=3, alphabet="abc€"), st.integers(0, 9)))
def test_the_order_of_entry_does_not_matter(value: dict[str, int]) -> None:
    assert digest(dict(reversed(value.items()))) == digest(value)


def test_digests_name_their_algorithm() -> None:
    assert SM3.digest(b"abc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert HASHES.get("sha-256") is SHA256
    assert digest({}, SM3) == SM3.digest(b"{}")
