"""Held against an independent implementation, Google's C++ one, where it reads the same text.

It does not compare whole numbers with fractions, which the conformance suite does.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.evaluating import evaluate
from yingshang.rules.types import BOOL, DOUBLE, INT, STRING, list_of
from yingshang.rules.values import Failure, Unknown

cel = pytest.importorskip(
    "cel_expr_python.cel", reason="cel-expr-python has no wheel for this machine"
)

OURS = {"i": INT, "j": INT, "d": DOUBLE, "b": BOOL, "s": STRING, "l": list_of(INT)}
THEIRS = {
    "i": cel.Type.INT,
    "j": cel.Type.INT,
    "d": cel.Type.DOUBLE,
    "b": cel.Type.BOOL,
    "s": cel.Type.STRING,
    "l": cel.Type.List(cel.Type.INT),
}
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
whole = st.sampled_from([0, 1, -1, 2, 7, 2**53 + 1, 2**63 - 1, -(2**63)])
fraction = st.sampled_from([0.0, 0.5, -2.5, 1e300, 9007199254740992.0])
word = st.sampled_from(["", "a", "C39", "好"])
number = st.one_of(
    st.sampled_from(["i", "j", "size(l)", "size(s)"]),
    whole.map(str),
    st.builds("({} {} {})".format, st.sampled_from("ij"), st.sampled_from("+-*/%"), whole.map(str)),
)
atom = st.one_of(
    st.builds("({} {} {})".format, number, SIGNS, number),
    st.builds("(d {} {})".format, SIGNS, fraction.map(repr)),
    st.builds("(d * {} {} {})".format, fraction.map(repr), SIGNS, fraction.map(repr)),
    st.just("b"),
    st.builds("(s {} '{}')".format, SIGNS, word),
    st.builds("s.{}('{}')".format, st.sampled_from(["contains", "startsWith", "matches"]), word),
    st.builds("({} in l)".format, number),
    st.builds("l.{}(x, x {} {})".format, st.sampled_from(["all", "exists"]), SIGNS, number),
    st.builds("l.{}(x, 10 / x {} 3)".format, st.sampled_from(["all", "exists", "exists_one"]), SIGNS),
)  # fmt: skip
text = st.recursive(
    atom,
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||"]), inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)
facts = st.fixed_dictionaries(
    {},
    optional={
        "i": whole, "j": whole, "d": fraction, "b": st.booleans(), "s": word,
        "l": st.lists(st.integers(-2, 3), max_size=3),
    },
)  # fmt: skip
ENV = cel.NewEnv(variables=THEIRS)


def theirs(expression: str, known: dict[str, Any]) -> Any:
    value = ENV.compile(expression).eval(data=known)
    return "no value" if value.type() == cel.Type.ERROR else value.plain_value()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text, facts)
def test_the_same_text_has_the_same_value(expression: str, known: dict[str, Any]) -> None:
    """A missing fact is left out for them, which their ``&&`` and ``||`` absorb as Kleene does."""
    declared = {key: Declared(kind) for key, kind in OURS.items()}
    row = {key: tuple(value) if key == "l" else value for key, value in known.items()}
    ours = evaluate(check(expression, Declarations(declared)), row)
    if isinstance(ours, Unknown | Failure):
        ours = "no value"
    assert ours == theirs(expression, known)
