"""What a policy gives besides yes and no: flags, codes, dates, whole fen with rounding and cap.

``results`` of a policy maps a name to a text (giving a flag, a code, a date or a whole number), or for
money to
``{base: <text giving fen>, rate: "0.15", rounding: half-up, cap: 50000000}``. The rate is exact;
``rounding`` must be declared wherever a rate is, and the cap is applied after rounding.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from yingshang.kernel.money import Rounding, multiply
from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import BadPolicy, brief
from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.typed import Typed
from yingshang.rules.types import ANY, BOOL, DATE, DOUBLE, INT, STRING
from yingshang.rules.values import INT_MAX, INT_MIN, Failure, Unknown, to_plain


@dataclass(frozen=True)
class Amount:
    """Money in fen: ``base`` times ``rate``, rounded as declared, at most ``cap``."""

    base: Typed
    rate: Decimal
    rounding: Rounding
    cap: int | None

    def fen(self, base: int) -> int | Failure:
        """Return what the base gives, or a failure where 64 bits do not hold it."""
        fen = multiply(base, self.rate, self.rounding)
        fen = fen if self.cap is None else min(fen, self.cap)
        return fen if INT_MIN <= fen <= INT_MAX else Failure("金额超出 64 位范围")


Results = Mapping[str, Typed | Amount]
Evaluate = Callable[[Mapping[str, Any]], dict[str, Any]]
ALLOWED: Final = (BOOL, STRING, DATE, INT, ANY)


def compile_results(found: Mapping[str, Any], declarations: Declarations) -> Results:
    """Check every result's text; raises a fault that names the result."""
    return {str(name): _result(str(name), entry, declarations) for name, entry in found.items()}


def prepare_results(results: Results) -> Evaluate:
    """Return a function from one subject's facts to its results as plain JSON.

    What is not known says which facts are missing, what fails says why.
    """
    programs = [(name, entry, compile_row(source_of(entry))) for name, entry in results.items()]

    def run(facts: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name, entry, program in programs:
            value = program(Row(facts))
            if isinstance(entry, Amount) and not isinstance(value, Unknown | Failure):
                value = entry.fen(value)
            found[name] = _plain(value)
        return found

    return run


def evaluate_results(results: Results, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return each result for one subject; see :func:`prepare_results`."""
    return prepare_results(results)(facts)


def source_of(entry: Typed | Amount) -> Typed:
    """Return the expression behind a result; for money the one that gives its base."""
    return entry.base if isinstance(entry, Amount) else entry


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return {"missing": sorted(value.missing)}
    return {"error": value.why} if isinstance(value, Failure) else to_plain(value)


def _result(name: str, entry: Any, declarations: Declarations) -> Typed | Amount:
    if isinstance(entry, str):
        return _scalar(name, check(entry, declarations))
    if not isinstance(entry, dict) or not isinstance(entry.get("base"), str):
        raise BadPolicy(f"结果 {name} 应是文本，金额应写 base、rate、rounding、cap")
    unknown = set(entry) - {"base", "rate", "rounding", "cap"}
    if unknown:
        raise BadPolicy(f"结果 {name} 中不认识的键 {'、'.join(map(str, unknown))}")
    if ("rate" in entry) != ("rounding" in entry):
        raise BadPolicy(f"结果 {name} 的 rate 与 rounding 应一起写", advice="如 rounding: half-up")
    cap = entry.get("cap")
    if cap is not None and (type(cap) is not int or not INT_MIN <= cap <= INT_MAX):
        raise BadPolicy(f"结果 {name} 的 cap 应是整数（分），却是 {brief(cap)}")
    return Amount(
        check(entry["base"], declarations, wanted=INT),
        _rate(name, entry.get("rate", 1)),
        _rounding(name, entry.get("rounding", "down")),
        cap,
    )


def _scalar(name: str, typed: Typed) -> Typed:
    if typed.type not in ALLOWED:
        advice = "金额请写 base、rate、rounding、cap" if typed.type == DOUBLE else ""
        raise BadPolicy(f"结果 {name} 应是是否、代码、日期或整数，却是{typed.type}", advice=advice)
    return typed


def _rate(name: str, found: Any) -> Decimal:
    try:
        if isinstance(found, float | bool):
            raise InvalidOperation
        rate = Decimal(str(found))
        if rate.is_finite() and len(str(found)) <= 30 and abs(rate.adjusted()) <= 30:
            return rate
    except InvalidOperation:
        pass
    raise BadPolicy(f"结果 {name} 的 rate 应是精确的数，却是 {brief(found)}", advice='请写 "0.15"')


def _rounding(name: str, found: Any) -> Rounding:
    try:
        return Rounding(found)
    except ValueError as error:
        ways = "、".join(Rounding)
        raise BadPolicy(f"结果 {name} 的 rounding 不认识“{found}”，可写 {ways}") from error
