"""What a policy is put together from: conditions with their wording, and sums with theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

YUAN = 100
TEN_THOUSAND = 10_000 * YUAN
"""10,000 yuan in fen."""
_NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Condition:
    """A condition as a clause says it and as a rule does; ``asked`` is the fact that only the firm knows."""

    wording: str
    text: str
    asked: str = ""


@dataclass(frozen=True)
class Sum:
    """What somebody gets: the clause's wording and the rule's result, in fen."""

    wording: str
    result: dict[str, str | int]


Draw = Callable[[Random], Condition]
DrawSum = Callable[[Random], Sum]


def chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return head + (_NUMERALS[ones] if ones or not tens else "")


def money(fact: str, name: str, *choices: int, most: bool = False, asked: bool = False) -> Draw:
    """A sum of at least (at most) so many times 10,000 yuan."""

    def draw(rng: Random) -> Condition:
        value = rng.choice(choices)
        words, sign = ("不超过", "<=") if most else ("不低于", ">=")
        text = f"{fact} {sign} {value * TEN_THOUSAND}"
        return Condition(f"{name}{words}{value}万元", text, fact if asked else "")

    return draw


def number(
    fact: str, name: str, unit: str, *choices: int, most: bool = False, asked: bool = False
) -> Draw:
    """At least (at most) so many."""

    def draw(rng: Random) -> Condition:
        value = rng.choice(choices)
        words, sign = ("不超过", "<=") if most else ("不少于", ">=")
        return Condition(
            f"{name}{words}{value}{unit}", f"{fact} {sign} {value}", fact if asked else ""
        )

    return draw


def percent(fact: str, name: str, *choices: int, most: bool = False) -> Draw:
    """A share of at least (at most) so many percent."""

    def draw(rng: Random) -> Condition:
        value = rng.choice(choices)
        words, sign = ("不高于", "<=") if most else ("不低于", ">=")
        return Condition(f"{name}{words}{value}%", f"{fact} {sign} {value / 100}")

    return draw


def young(*choices: int) -> Draw:
    """Founded less than so many years ago."""

    def draw(rng: Random) -> Condition:
        years = rng.choice(choices)
        return Condition(
            f"成立不满{chinese(years)}年", f"years_since(enterprise.founded_on) < {years}"
        )

    return draw


def grown(*choices: int) -> Draw:
    """Founded at least so many years ago."""

    def draw(rng: Random) -> Condition:
        years = rng.choice(choices)
        return Condition(
            f"成立满{chinese(years)}年", f"years_since(enterprise.founded_on) >= {years}"
        )

    return draw


def exactly(wording: str, text: str, asked: str = "") -> Draw:
    """The same in every drawing."""
    return lambda _rng: Condition(wording, text, asked)


def share(base: str, name: str, rates: tuple[int, ...], caps: tuple[int, ...]) -> DrawSum:
    """So many percent of a figure, at most so many times 10,000 yuan."""

    def draw(rng: Random) -> Sum:
        rate, cap = rng.choice(rates), rng.choice(caps)
        exact = f"0.{rate:02d}".rstrip("0")
        result: dict[str, str | int] = {
            "base": base, "rate": exact, "rounding": "half-up", "cap": cap * TEN_THOUSAND
        }  # fmt: skip
        return Sum(f"按{name}的{rate}%给予补助，最高不超过{cap}万元", result)

    return draw


def fixed(*choices: int) -> DrawSum:
    """So many times 10,000 yuan, once."""

    def draw(rng: Random) -> Sum:
        value = rng.choice(choices)
        return Sum(f"给予一次性奖励{value}万元", {"base": str(value * TEN_THOUSAND)})

    return draw


def each(base: str, name: str, yuan: tuple[int, ...], caps: tuple[int, ...]) -> DrawSum:
    """So many yuan for each of a number, at most so many times 10,000 yuan."""

    def draw(rng: Random) -> Sum:
        value, cap = rng.choice(yuan), rng.choice(caps)
        result: dict[str, str | int] = {
            "base": f"{base} * {value * YUAN}", "rate": "1", "rounding": "down", "cap": cap * TEN_THOUSAND
        }  # fmt: skip
        return Sum(f"按{name}给予每{_unit(name)}{value}元补贴，最高不超过{cap}万元", result)

    return draw


def _unit(name: str) -> str:
    return "件" if "专利" in name else "项" if "标准" in name else "人"


def tiers(fact: str, *steps: tuple[str, str, int], otherwise: tuple[str, int]) -> DrawSum:
    """Sums by code: (code, what the text calls it, times 10,000 yuan), the last one for all others."""

    def draw(_rng: Random) -> Sum:
        words = [f"{called}奖励{value}万元" for _code, called, value in steps]
        called, value = otherwise
        words.append(f"{called}奖励{value}万元")
        choice = "".join(f'{fact} == "{code}" ? {v * TEN_THOUSAND} : ' for code, _c, v in steps)
        return Sum("，".join(words), {"base": f"{choice}{value * TEN_THOUSAND}"})

    return draw


def manufacturing() -> Draw:
    """Firms of section C."""
    return exactly("属于制造业", 'enterprise.industry.startsWith("C")')


def small() -> Draw:
    """Small and micro firms."""
    return exactly("属于小型、微型企业", 'enterprise.size in ["small", "micro"]')


def small_or_medium() -> Draw:
    """Small, micro and medium firms."""
    return exactly("属于中小微企业", 'enterprise.size in ["medium", "small", "micro"]')
