"""What a form shows, asks, misses and finds wrong, from its answers and the facts: pure, in one pass.

Whatever is not visible is as if it had not been answered: it counts in no condition and never gets
out. A condition that cannot be decided because an answer is missing hides what depends on it; one that
cannot be decided because the platform does not know a fact shows it, so that nobody is kept from
saying what the platform should have known. What cannot be read counts as not answered.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingshang.forms.asking import Asked
from yingshang.forms.compiling import CompiledField, CompiledForm, CompiledSection, Condition
from yingshang.forms.definition import (
    MOST_ROWS,
    STRICTNESS,
    FormField,
    MaterialAsked,
    Required,
    SignatureAsked,
)
from yingshang.forms.reading import Unreadable, is_empty, read_value
from yingshang.rules.evaluating import Row
from yingshang.rules.values import Failure, Unknown

LEFT_EMPTY = "left_empty"
"""An answer ``{"left_empty": "why"}`` leaves a soft-required field empty, with the reason."""

LONGEST_REASON = 300


@dataclass(frozen=True)
class Slot:
    """One signature that is asked: its path ``key`` or ``key.<row>``, and who is to sign.

    ``number`` is the signer's identity number where the form says it.
    """

    path: str
    asked: SignatureAsked
    signer: str
    number: str = ""


@dataclass(frozen=True)
class Evaluated:
    """What follows from answers and facts.

    Paths are ``key`` or ``group.<row>.key``. ``visible`` are those asked, ``missing`` those required
    without an answer, ``errors`` what is wrong by path, ``clean`` the values that count by key,
    ``left_empty`` the reasons of those left empty. ``materials`` are asked, ``lacking`` those of them
    that are required and not there; ``ignored`` are answers to what is not asked.
    """

    visible: frozenset[str]
    sections: tuple[str, ...]
    errors: Mapping[str, str]
    missing: tuple[str, ...]
    clean: Mapping[str, Any]
    left_empty: Mapping[str, str]
    materials: tuple[MaterialAsked, ...]
    lacking: tuple[str, ...]
    slots: tuple[Slot, ...]
    ignored: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether it may be handed in, signatures apart."""
        return not (self.errors or self.missing or self.lacking)

    @property
    def problems(self) -> int:
        """Return how many things are missing or wrong."""
        return len(self.errors) + len(self.missing) + len(self.lacking)


def evaluate(
    form: CompiledForm,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    handed_in: Collection[str] = (),
    organs: Collection[str] | None = None,
) -> Evaluated:
    """Evaluate a form; ``facts`` are columns as rules read them, ``handed_in`` keys of materials.

    ``organs`` are the keys that an organ's field may have, any where it is None. Never raises, whatever stands in ``answers``.
    """
    return _Evaluation(form, answers, facts, organs).run(frozenset(handed_in))


def holds(condition: Condition | None, row: Mapping[str, Any]) -> bool:
    """Tell whether what depends on a condition is asked, see the head of this module."""
    if condition is None:
        return True
    found = condition.run(Row(row))
    if isinstance(found, Unknown):
        return not any(key.startswith(("form.", "row.")) for key in found.missing)
    return found is not False


def rule_form(asked: Asked, value: Any) -> Any:
    """Return a clean value as the rules take it."""
    if asked.type == "date":
        return date.fromisoformat(value)
    if asked.type == "number":
        return float(value)
    if asked.type == "choices":
        return tuple(value)
    if asked.type == "person":
        return value["name"]
    return value["detail"] if asked.type == "address" else value


@dataclass
class _Evaluation:
    form: CompiledForm
    answers: Mapping[str, Any]
    facts: Mapping[str, Any]
    organs: Collection[str] | None = None
    env: dict[str, Any] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    clean: dict[str, Any] = field(default_factory=dict)
    left_empty: dict[str, str] = field(default_factory=dict)
    files: list[MaterialAsked] = field(default_factory=list)

    def run(self, handed_in: frozenset[str]) -> Evaluated:
        self.env = dict(self.facts)
        sections = tuple(one.declared.key for one in self.form.sections if self.section(one))
        self.check()
        materials = tuple(self.materials())
        return Evaluated(
            visible=frozenset(self.visible),
            sections=sections,
            errors=self.errors,
            missing=tuple(self.missing),
            clean=self.clean,
            left_empty=self.left_empty,
            materials=materials,
            lacking=tuple(
                one.material
                for one in materials
                if one.required == "yes" and one.material not in handed_in
            ),
            slots=tuple(self.slots()),
            ignored=tuple(sorted(str(k) for k in self.answers if str(k) not in self.visible)),
        )

    def section(self, section: CompiledSection) -> bool:
        if not holds(section.when, self.env):
            return False
        shown = [
            self.field(one) for one in section.fields
        ]  # every one of them, not up to the first
        return any(shown)

    def field(self, one: CompiledField) -> bool:
        if not holds(one.when, self.env):
            return False
        asked = one.asked
        self.visible.add(asked.key)
        if asked.type == "group":
            self.group(one, self.answers.get(asked.key))
        elif asked.type == "file":
            required = self.required(one, self.env)
            self.files.append(MaterialAsked(material=asked.declared.material, required=required))
        else:
            value = self.value(one, asked.key, self.answers.get(asked.key), self.env)
            if value is not None:
                self.clean[asked.key] = value
                self.env[asked.name] = rule_form(asked, value)
        return True

    def value(self, one: CompiledField, path: str, raw: Any, env: Mapping[str, Any]) -> Any | None:
        """Return the clean value at a path, None where there is none; notes what is wrong."""
        required = self.required(one, env)
        if isinstance(raw, Mapping) and LEFT_EMPTY in raw:
            if self.reason(path, raw[LEFT_EMPTY], required):
                return None
            raw = None
        if is_empty(raw):
            if required != "no" and path not in self.errors:
                self.missing.append(path)
            return None
        try:
            value = read_value(one.asked, raw, self.form.as_of)
        except Unreadable as error:
            self.errors[path] = str(error)
            return None
        if one.asked.type == "organ" and self.organs is not None and value not in self.organs:
            self.errors[path] = _("请从列表中选择机构")
            return None
        return value

    def reason(self, path: str, why: Any, required: Required) -> bool:
        """Take a reason for leaving a field empty; tell whether that settles it."""
        if required == "yes" or not isinstance(why, str) or not why.strip():
            return False
        if len(why) > LONGEST_REASON or any(ord(one) < 32 and one not in "\r\n\t" for one in why):
            self.errors[path] = _("理由最多 %(n)s 个字") % {"n": LONGEST_REASON}
            return True
        self.left_empty[path] = why.strip()
        return True

    def required(self, one: CompiledField, env: Mapping[str, Any]) -> Required:
        if one.required_when is not None and one.required_when.run(Row(env)) is True:
            return "yes"
        return one.asked.declared.required

    def group(self, one: CompiledField, raw: Any) -> None:
        asked = one.asked
        assert isinstance(asked.declared, FormField)
        rows: list[dict[str, Any]] = []
        for number, answers in enumerate(rows_of(raw)):
            if row := self.row(one, number, answers):
                rows.append(row)
        least, most = asked.declared.least_rows, asked.declared.most_rows
        if _length(raw) > MOST_ROWS or len(rows) > most:
            self.errors[asked.key] = _("最多填写 %(n)s 项") % {"n": most}
        elif len(rows) < max(least, asked.declared.required == "yes"):
            self.missing.append(asked.key)
        if asked.key not in self.errors and rows:
            self.clean[asked.key] = rows
        self.env[f"{asked.name}.count"] = len(rows)
        for inner in asked.rows:
            values = [rule_form(inner, row[inner.key]) for row in rows if inner.key in row]
            self.env[f"{asked.name}.{inner.key}"] = tuple(values)

    def row(self, one: CompiledField, number: int, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return what counts of a row; one without any visible answer misses nothing."""
        env, clean, is_filled = dict(self.env), {}, False
        missed = len(self.missing)
        for inner in one.rows:
            if not holds(inner.when, env):
                continue
            path = inner.asked.path(number)
            self.visible.add(path)
            raw = answers.get(inner.asked.key)
            is_filled = is_filled or not is_empty(raw)
            value = self.value(inner, path, raw, env)
            if value is not None:
                clean[inner.asked.key] = value
                env[inner.asked.name] = rule_form(inner.asked, value)
        if not is_filled:
            del self.missing[missed:]
        return clean

    def check(self) -> None:
        english = (get_language() or "").startswith("en")
        for one, condition in self.form.checks:
            found = condition.run(Row(self.env))
            told = one.field in self.errors or one.field in self.missing
            if one.field not in self.visible or told:
                continue
            if found is False or isinstance(found, Failure):
                self.errors[one.field] = (english and one.message_en) or one.message

    def materials(self) -> Iterator[MaterialAsked]:
        """Yield what is asked, once each with the stricter requirement."""
        found: dict[str, MaterialAsked] = {}
        declared = [one for one, when in self.form.asked_materials if holds(when, self.env)]
        for one in (*declared, *self.files):
            known = found.get(one.material)
            if known is None or _stricter(one.required, known.required):
                found[one.material] = one
        yield from found.values()

    def slots(self) -> Iterator[Slot]:
        for asked, when in self.form.signatures:
            if not holds(when, self.env):
                continue
            if not asked.group:
                named = self.clean.get(asked.signer)
                yield Slot(asked.key, asked, _name_in(named), _number_in(named))
                continue
            for number, row in enumerate(self.clean.get(asked.group, ())):
                named = row.get(asked.signer)
                if name := _name_in(named):
                    yield Slot(f"{asked.key}.{number}", asked, name, _number_in(named))


def rows_of(raw: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a group's answer, at most :data:`MOST_ROWS`; what is no row is an empty one."""
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
        return []
    return [one if isinstance(one, Mapping) else {} for one in raw[:MOST_ROWS]]


def _length(raw: Any) -> int:
    return len(raw) if isinstance(raw, Sequence) and not isinstance(raw, str | bytes) else 0


def _stricter(one: Required, other: Required) -> bool:
    return STRICTNESS.index(one) > STRICTNESS.index(other)


def _number_in(value: Any) -> str:
    return str(value.get("id_number", "")) if isinstance(value, Mapping) else ""


def _name_in(value: Any) -> str:
    return str(value.get("name", "")) if isinstance(value, Mapping) else str(value or "")
