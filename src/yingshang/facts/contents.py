"""Holding what is recorded against its fact type: whether it can be stored, and what is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import FactTypeDeclaration, QualityRules, RecordField, Typing
from yingshang.facts.models import IssueSort
from yingshang.facts.periods import last_day, period_number
from yingshang.kernel.times import today

LARGEST = 2**53 - 1
LONGEST_TEXT = 4000
_ITEM = re.compile(r"[^\x00-\x1f\x7f]{1,64}")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a value; a fatal one cannot be stored at all."""

    sort: IssueSort
    detail: str
    fatal: bool = False


@dataclass(frozen=True)
class Checked:
    """A value as it is stored, and what is wrong with it."""

    content: Any
    problems: tuple[Problem, ...] = ()

    @property
    def fatal(self) -> Problem | None:
        """Return why it cannot be stored, or None."""
        return next((problem for problem in self.problems if problem.fatal), None)


def check_content(declared: FactTypeDeclaration, content: Any, catalogue: Catalogue) -> Checked:
    """Return the value as plain JSON of the type, with every problem found.

    A value of another type is fatal; one outside its code list, range or format is stored with an
    issue to the source's owner.
    """
    if declared.shape != "records":
        return _check(declared, content, catalogue, declared.quality)
    if not isinstance(content, Mapping):
        return Checked(None, (_wrong("应是按字段填写的记录"),))
    found = _Record(declared, catalogue)
    for name, value in content.items():
        found.take(str(name), value)
    found.close()
    return Checked(found.content, tuple(found.problems))


@dataclass
class _Record:
    declared: FactTypeDeclaration
    catalogue: Catalogue
    content: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, name: str, value: Any) -> None:
        declared = self.declared.field_by_key.get(name)
        if declared is None:
            self.problems.append(_wrong(f"没有字段 {name[:40]}"))
        elif value is not None and value != "":
            checked = _check(declared, value, self.catalogue, QualityRules())
            self.content[name] = checked.content
            self.problems += [
                Problem(p.sort, f"{declared.label}：{p.detail}", p.fatal) for p in checked.problems
            ]

    def close(self) -> None:
        for one in self.declared.fields:
            if one.key not in self.content and (one.required or one.key == self.declared.dated):
                fatal = one.key == self.declared.dated
                self.problems.append(
                    Problem(IssueSort.FIELD_MISSING, f"缺少{one.label}", fatal=fatal)
                )


def _check(
    typing: FactTypeDeclaration | RecordField, value: Any, catalogue: Catalogue, rules: QualityRules
) -> Checked:
    try:
        content = plain_value(typing, value)
    except (ValueError, TypeError) as error:
        return Checked(None, (_wrong(str(error)),))
    problems = [*_codes(typing, content, catalogue), *_breaches(rules, content)]
    return Checked(content, tuple(problems))


def _wrong(detail: str) -> Problem:
    return Problem(IssueSort.WRONG_TYPE, detail, fatal=True)


def plain_value(typing: Typing, value: Any) -> Any:
    """Return a value as plain JSON of the type; raises ``ValueError`` saying what to write."""
    if typing.type.startswith("list("):
        if not isinstance(value, list | tuple):
            raise ValueError("应是列表")
        return [_PLAIN[typing.type[5:-1]](item) for item in value]
    return _PLAIN[typing.type](value)


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("应为是或否")


def _int(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("应为整数")
    if abs(value) > LARGEST:
        raise ValueError("数字过大")
    return value


def _decimal(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise ValueError("应为数字")
    if abs(value) > LARGEST:
        raise ValueError("数字过大")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("应为文字")
    if len(value) > LONGEST_TEXT or "\x00" in value:
        raise ValueError("文字过长或含有不可见字符")
    return value.strip()


def _date(value: Any) -> str:
    if isinstance(value, date):
        return date(value.year, value.month, value.day).isoformat()
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value).isoformat()
    raise ValueError("日期应写成 2026-01-31 的样子")


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "bool": _bool,
    "int": _int,
    "money": _int,
    "decimal": _decimal,
    "string": _text,
    "code": _text,
    "date": _date,
}


def _codes(typing: Typing, content: Any, catalogue: Catalogue) -> Iterator[Problem]:
    if not typing.code_list:
        return
    known = catalogue.codes.get(typing.code_list)
    for code in content if isinstance(content, list) else [content]:
        if known is None or code not in known.by_code:
            label = known.label if known else typing.code_list
            yield Problem(IssueSort.UNKNOWN_CODE, f"“{str(code)[:40]}”不在《{label}》中")


def _breaches(rules: QualityRules, content: Any) -> Iterator[Problem]:
    if isinstance(content, int | float) and not isinstance(content, bool):
        low, high = rules.least, rules.most
        if (low is not None and content < low) or (high is not None and content > high):
            limits = (
                f"{'' if low is None else low:g}–{'' if high is None else high:g}"
                if (low is not None and high is not None)
                else (f"不小于 {low:g}" if low is not None else f"不大于 {high:g}")
            )
            yield Problem(IssueSort.OUT_OF_RANGE, f"{content} 应在范围内：{limits}")
    if isinstance(content, str):
        if rules.pattern and re.fullmatch(rules.pattern, content) is None:
            yield Problem(IssueSort.BAD_FORMAT, f"“{content[:40]}”格式不符")
        if rules.max_length is not None and len(content) > rules.max_length:
            yield Problem(IssueSort.BAD_FORMAT, f"超过 {rules.max_length} 个字")
        if rules.not_future and content > today().isoformat():
            yield Problem(IssueSort.IN_FUTURE, f"{content} 晚于今天")


def check_item(declared: FactTypeDeclaration, item: str) -> None:
    """Raise ``ValueError`` unless the item is a period of a series, or names a record, or is empty."""
    if declared.shape == "scalar":
        if item:
            raise ValueError("单值没有期间或编号")
    elif declared.shape == "series":
        assert declared.period is not None
        period_number(item, declared.period)
    elif _ITEM.fullmatch(item) is None:
        raise ValueError("记录应有 1 至 64 字的编号")


def first_day(declared: FactTypeDeclaration, item: str, content: Any) -> date | None:
    """Return since when a value is true where nobody says: its period's end, its record's day, today.

    What never changes was always true.
    """
    if declared.shape == "series":
        assert declared.period is not None
        return last_day(item, declared.period)
    if declared.shape == "records":
        return date.fromisoformat(content[declared.dated])
    return None if declared.immutable else today()
