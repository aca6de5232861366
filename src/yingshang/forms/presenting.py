"""A form as pages show it: steps, fields with their inputs, hints, errors and whence values come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import Typing
from yingshang.facts.showing import english, say
from yingshang.forms.asking import FEW, Asked
from yingshang.forms.compiling import CompiledField, CompiledForm, CompiledSection
from yingshang.forms.definition import FormField, Question
from yingshang.forms.evaluating import LEFT_EMPTY, Evaluated, rows_of
from yingshang.forms.known import Provenance, provenances
from yingshang.forms.posting import PARTS, matches
from yingshang.kernel.money import format_fen
from yingshang.kernel.times import today
from yingshang.parties.models import Organ, valid_on
from yingshang.web.dates import day_text

GRADES = {"declared": _t("自行申报"), "committed": _t("承诺"), "verified": _t("已核验")}
"""Grades weaker than authoritative, which says nothing."""


def pick(one: Any, name: str = "label") -> str:
    """Return a declaration's text in the reader's language."""
    translated = getattr(one, f"{name}_en", "") if english() else ""
    return str(translated or getattr(one, name))


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class PartInput:
    """One of several inputs of which an answer is made."""

    name: str
    label: str
    value: str
    choices: tuple[Choice, ...] = ()
    mode: str = "text"
    complete: str = "off"


@dataclass(frozen=True)
class ShownField:
    """One field as it stands on a page; ``path`` also names its inputs and its anchor."""

    asked: Asked
    path: str
    label: str
    hint: str
    widget: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    parts: tuple[PartInput, ...] = ()
    rows: "tuple[ShownRow, ...]" = ()
    error: str = ""
    known: str = ""
    known_tone: str = ""
    reason: str = ""
    required: str = "no"
    remark: str = ""
    locked: bool = False
    find: str = ""
    chosen_label: str = ""
    drives: bool = False
    heading: str = ""

    @property
    def anchor(self) -> str:
        """The identifier of its first input, where links to its error lead."""
        return "f-" + self.path.replace(".", "-")

    @property
    def row_label(self) -> str:
        """What one row of a group is called."""
        declared = self.asked.declared
        return pick(declared, "row_label") if isinstance(declared, FormField) else ""

    @property
    def may_add(self) -> bool:
        """Tell whether one more row may be added."""
        declared = self.asked.declared
        return isinstance(declared, FormField) and len(self.rows) < declared.most_rows

    @property
    def described(self) -> str:
        """The identifiers of what describes the input."""
        parts = [("hint", self.hint), ("known", self.known), ("error", self.error)]
        return " ".join(f"{self.anchor}-{name}" for name, text in parts if text)


@dataclass(frozen=True)
class ShownRow:
    """One row of a group, counted from 1."""

    number: int
    fields: tuple[ShownField, ...]


@dataclass(frozen=True)
class ShownSection:
    """A section with its visible fields."""

    key: str
    label: str
    help: str
    fields: tuple[ShownField, ...]


@dataclass
class Sheet:
    """A form with answers, as pages show it; the same for a draft and for a preview.

    ``told`` are the paths whose problems are shown: those of a page that was just sent, or all.
    """

    form: CompiledForm
    answers: Mapping[str, Any]
    known: Mapping[str, Any]
    evaluated: Evaluated
    told: frozenset[str] | None = frozenset()
    finds: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    open_paths: frozenset[str] | None = None
    before: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def provenance(self) -> dict[str, Provenance]:
        """How answers stand to what is known."""
        return provenances(self.form, self.evaluated, self.known)

    @property
    def visible_sections(self) -> list[CompiledSection]:
        """The sections that are shown, in order."""
        return [one for one in self.form.sections if one.declared.key in self.evaluated.sections]

    @property
    def pages(self) -> list[CompiledSection]:
        """The sections as they follow one another; one for all of them where the form is one page."""
        sections, declared = self.visible_sections, self.form.form
        if declared.layout != "page" or len(sections) < 2:
            return sections
        labels = {"label": declared.label, "label_en": declared.label_en}
        whole = sections[0].declared.model_copy(update={**labels, "help": "", "help_en": ""})
        fields = tuple(one for section in sections for one in section.fields)
        return [CompiledSection(whole, None, fields)]

    def page_of(self, section: str) -> str:
        """Return the page on which a section stands."""
        return self.pages[0].declared.key if len(self.pages) == 1 else section

    def section(self, key: str) -> CompiledSection | None:
        """Return a page that is shown, or None."""
        return next((one for one in self.pages if one.declared.key == key), None)

    def paths_in(self, section: CompiledSection) -> frozenset[str]:
        """Return the visible paths of a section, rows included."""
        heads = {one.asked.key for one in section.fields}
        return frozenset(p for p in self.evaluated.visible if p.split(".")[0] in heads)

    def problems_in(self, section: CompiledSection) -> int:
        """Return how many fields of a section miss an answer or have a wrong one."""
        paths = self.paths_in(section)
        return sum(p in paths for p in (*self.evaluated.errors, *self.evaluated.missing))

    def shown(self, section: CompiledSection) -> ShownSection:
        """Return a section as it is shown."""
        drivers = self._drivers(section)
        found = [
            self._field(one, one.asked.key, self.answers.get(one.asked.key), drivers)
            for one in section.fields
            if one.asked.key in self.evaluated.visible
        ]
        declared = section.declared
        fields = tuple(self._headed(found))
        return ShownSection(declared.key, pick(declared), pick(declared, "help"), fields)

    def _headed(self, fields: list[ShownField]) -> Iterator[ShownField]:
        """Yield the fields; on a page of several sections the first of each carries its heading."""
        heading = ""
        homes = {f.key: section for section, f in self.form.form.questions()}
        for one in fields:
            section = homes[one.path]
            is_new = len(self.visible_sections) > len(self.pages) and section.key != heading
            heading = section.key
            yield replace(one, heading=pick(section)) if is_new else one

    def _drivers(self, section: CompiledSection) -> frozenset[str]:
        """Return the names on which other fields of the section depend."""
        conditions = [
            condition
            for one in section.fields
            for part in (one, *one.rows)
            for condition in (part.when, part.required_when)
            if condition is not None
        ]
        names = {key for condition in conditions for key in condition.keys}
        return frozenset(".".join(name.split(".")[:2]) for name in names)

    def _field(
        self, one: CompiledField, path: str, raw: Any, drivers: frozenset[str]
    ) -> ShownField:
        asked = one.asked
        reason = raw.get(LEFT_EMPTY, "") if isinstance(raw, Mapping) else ""
        raw = None if reason else raw
        known, tone = self._known(path)
        return ShownField(
            asked=asked,
            path=path,
            label=label_of(asked),
            hint=hint_of(asked),
            widget=widget_of(asked, raw),
            value=self._text(asked, raw),
            choices=self._choices(asked, path, raw),
            parts=tuple(self._parts(asked, path, raw)),
            rows=tuple(self._rows(one, raw, drivers)),
            error=self._error(path),
            known=known,
            known_tone=tone,
            reason=str(reason),
            required=asked.declared.required,
            remark=self._remark(path),
            locked=self._is_locked(path),
            find=self.finds.get(path, ""),
            chosen_label=_code_label(asked, raw) if asked.is_searched else "",
            drives=asked.name in drivers,
        )

    def _error(self, path: str) -> str:
        if self.told is not None and path not in self.told:
            return ""
        if path in self.evaluated.errors:
            return self.evaluated.errors[path]
        if path not in self.evaluated.missing:
            return ""
        asked = self.form.find(path)
        return missing_text(asked) if asked else ""

    def _is_locked(self, path: str) -> bool:
        if self.open_paths is None:
            return False
        head = path.split(".")[0]
        heads = {one.split(".")[0] for one in self.open_paths}
        return head in self.before and head not in heads

    def _remark(self, path: str) -> str:
        own = self.remarks.get(path, "")
        if own or "." in path:
            return own
        inner = [text for other, text in self.remarks.items() if other.startswith(path + ".")]
        return "；".join(inner)

    def _known(self, path: str) -> tuple[str, str]:
        found = self.provenance.get(path)
        return known_text(self.form.catalogue, found) if found else ("", "")

    def _text(self, asked: Asked, raw: Any) -> str:
        if raw is None or isinstance(raw, Mapping | list | bool):
            return ""
        if asked.type == "money" and isinstance(raw, int):
            return format_fen(raw)
        return str(raw)

    def _choices(self, asked: Asked, path: str, raw: Any) -> tuple[Choice, ...]:
        if asked.type == "yes_no":
            truth = {True: "yes", False: "no"}.get(raw, raw) if raw is not None else None
            return tuple(
                Choice(value, text, truth == value)
                for value, text in (("yes", _("是")), ("no", _("否")))
            )
        if asked.type == "organ":
            organs = Organ.objects.filter(valid_on(today())).order_by("order", "key")
            return tuple(
                Choice(one.key, (english() and one.name_en) or one.name, raw == one.key)
                for one in organs
            )
        if asked.choices is None or asked.type == "address":
            return ()
        if asked.is_searched and asked.type == "choice":
            found = matches(asked, self.finds.get(path, ""))
            return tuple(Choice(code, f"{code} {text}", raw == code) for code, text in found)
        chosen = set(raw) if isinstance(raw, list) else {raw}
        return tuple(Choice(one.code, pick(one), one.code in chosen) for one in asked.choices.codes)

    def _parts(self, asked: Asked, path: str, raw: Any) -> Iterator[PartInput]:
        given = raw if isinstance(raw, Mapping) else {}
        if isinstance(raw, str):
            given = {"name" if asked.type == "person" else "detail": raw}
        for part in PARTS.get(asked.type, ()):
            if part == "division" and asked.choices is None:
                continue
            value = given.get(part, "")
            yield PartInput(
                name=f"{path}.{part}",
                label=str(PART_LABELS[part]()),
                value=value if isinstance(value, str) else "",
                choices=self._divisions(asked, value) if part == "division" else (),
                mode="tel" if part == "phone" else "text",
            )

    def _divisions(self, asked: Asked, value: Any) -> tuple[Choice, ...]:
        assert asked.choices is not None
        return tuple(Choice(one.code, pick(one), one.code == value) for one in asked.choices.codes)

    def _rows(self, one: CompiledField, raw: Any, drivers: frozenset[str]) -> Iterator[ShownRow]:
        if one.asked.type != "group":
            return
        assert isinstance(one.asked.declared, FormField)
        rows = rows_of(raw)[: one.asked.declared.most_rows]
        for number in range(max(len(rows), one.asked.declared.least_rows, 1)):
            answers = rows[number] if number < len(rows) else {}
            fields = tuple(
                self._field(inner, path, answers.get(inner.asked.key), drivers)
                for inner in one.rows
                if (path := inner.asked.path(number)) in self.evaluated.visible
                or (number >= len(rows) and inner.when is None)
            )
            yield ShownRow(number + 1, fields)


PART_LABELS = {
    "name": lambda: _("姓名"),
    "id_number": lambda: _("身份证件号码（选填）"),
    "phone": lambda: _("电话（选填）"),
    "division": lambda: _("所在区域"),
    "detail": lambda: _("详细地址"),
}


def label_of(asked: Asked) -> str:
    """Return a field's label in the reader's language, with its unit."""
    label = (english() and asked.label_en) or asked.label
    unit = asked.unit or (_("元") if asked.type == "money" else "")
    if not unit:
        return label
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": unit}


def hint_of(asked: Asked) -> str:
    """Return what helps to fill a field: its help, and on which ground it is asked."""
    declared: Question = asked.declared
    parts = [pick(declared, "help")]
    if not parts[0] and asked.type == "money":
        parts.append(_("例如 1,234.56 或 20万元"))
    if asked.is_searched and asked.type == "choice":
        parts.append(_("输入代码或者名称中的字，按“查找”，再从结果中选择。"))
    if declared.why:
        parts.append(_("依据：%(why)s") % {"why": declared.why})
    return " ".join(filter(None, parts))


def missing_text(asked: Asked) -> str:
    """Return the sentence for a field without an answer."""
    params = {"label": (english() and asked.label_en) or asked.label}
    if asked.declared.required == "soft":
        return _("请填写“%(label)s”；暂时不能填写的，写明理由") % params
    if asked.type in ("choice", "choices", "yes_no", "organ"):
        return _("请选择“%(label)s”") % params
    return _("请填写“%(label)s”") % params


def widget_of(asked: Asked, raw: Any) -> str:
    """Return which input a field has."""
    if asked.type == "choice" and asked.is_searched:
        return "search"
    if asked.type in ("choice", "organ"):
        few = asked.choices is not None and len(asked.choices.codes) <= FEW
        return "radios" if few else "select"
    if asked.type == "date":
        iso = raw is None or (isinstance(raw, str) and len(raw) == 10 and raw[4:5] == "-")
        return "date" if iso else "text"
    return {
        "choices": "checks",
        "yes_no": "radios",
        "long_text": "area",
        "person": "parts",
        "address": "parts",
        "group": "group",
        "file": "file",
        "number": "decimal",
        "integer": "numeric",
        "money": "decimal",
    }.get(asked.type, "text")


def known_text(
    catalogue: Catalogue, found: Provenance, *, answered: bool = False
) -> tuple[str, str]:
    """Return in words whence a value comes, and a tone; nothing for what is simply given."""
    if found.state == "given" or (answered and found.state == "withheld"):
        return "", ""
    if answered and found.state == "not_found":
        return _("平台没有这项数据，由申请人填写"), "idle"
    if found.state == "not_found":
        return _("未查到，请填写"), "warn"
    if found.state == "withheld":
        return _("涉及敏感信息，此处不预填，请填写"), "idle"
    source = catalogue.sources.get(found.source)
    parts = [pick(source) if source else (found.source or _("登记信息"))]
    if found.since:
        parts.append(_("自 %(day)s") % {"day": day_text(date.fromisoformat(found.since))})
    if found.grade in GRADES:
        parts.append(str(GRADES[found.grade]))
    whence = "，".join(parts)
    if found.state == "changed":
        typing = catalogue.columns.get(found.fact)
        was = say(catalogue, typing, found.content) if typing else str(found.content)
        return _("您已改动；%(whence)s记录为：%(was)s") % {"whence": whence, "was": was}, "warn"
    return _("已预填，来自%(whence)s") % {"whence": whence}, "good"


def _code_label(asked: Asked, raw: Any) -> str:
    code = asked.choices.by_code.get(raw) if asked.choices and isinstance(raw, str) else None
    return f"{code.code} {pick(code)}" if code else ""


def say_answer(catalogue: Catalogue, asked: Asked, value: Any) -> str:
    """Return a clean value in words."""
    if value is None:
        return ""
    if asked.type == "yes_no":
        return _("是") if value else _("否")
    if asked.type in ("choice", "choices") and asked.choices is not None:
        codes = value if isinstance(value, list) else [value]
        found = [asked.choices.by_code.get(code) for code in codes]
        return "、".join(pick(one) if one else code for one, code in zip(found, codes, strict=True))
    if asked.type == "money":
        return say(catalogue, Typing(type="money"), value)
    if asked.type == "person":
        return _say_person(value)
    if asked.type == "address":
        division = asked.choices.by_code.get(value.get("division", "")) if asked.choices else None
        return f"{pick(division) if division else ''} {value['detail']}".strip()
    if asked.type == "organ":
        organ = Organ.objects.filter(key=value).first()
        return organ.name if organ else str(value)
    return f"{value} {asked.unit}".strip()


def _say_person(value: Mapping[str, str]) -> str:
    """Return a person's name, with the number shown only at its ends."""
    number = value.get("id_number", "")
    masked = f"{number[:4]}{'*' * max(len(number) - 6, 0)}{number[-2:]}" if number else ""
    return "，".join(filter(None, [value.get("name", ""), masked, value.get("phone", "")]))
