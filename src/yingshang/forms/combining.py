"""Several forms as one (一表申请): what is asked twice merges, what one step yields no other asks.

Pure. Fields of one fact are one question, as are fields that are alike in key, type, choices and label;
the stricter requirement and the narrower bounds count. A question is shown when any of its forms asks
it. Other fields whose keys meet get the form's name before theirs, and conditions follow.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yingshang.forms.definition import (
    STRICTNESS,
    Check,
    Form,
    FormField,
    MaterialAsked,
    Required,
    Section,
    SignatureAsked,
)
from yingshang.rules.lexing import tokenize


def combine(
    forms: Sequence[Form],
    *,
    key: str = "",
    label: str = "",
    label_en: str = "",
    licences: Mapping[str, str] | None = None,
) -> Form:
    """Return one form that asks whatever the given forms ask, each thing once.

    ``licences`` tells which kind of licence stands for a material. What forms declare as ``outputs``
    (facts, ``material:<key>``, ``licence:<kind>``) no other of them asks for.
    """
    work = _Combination(forms, licences or {})
    sections = tuple(one for form in forms for one in work.sections(form))
    first = forms[0]
    return Form(
        key=key or "-and-".join(form.key for form in forms)[:80],
        label=label or "、".join(form.label for form in forms),
        label_en=label_en or ", ".join(form.label_en for form in forms),
        subject=first.subject,
        legal="；".join(dict.fromkeys(form.legal for form in forms if form.legal)),
        layout=first.layout,
        sections=tuple(one for one in (work.settled(s) for s in sections) if one.fields),
        materials=tuple(work.materials()),
        signatures=tuple(work.signatures()),
        checks=tuple(work.checks()),
        outputs=tuple(dict.fromkeys(one for form in forms for one in form.outputs)),
        expires_after_days=min(form.expires_after_days for form in forms),
        combines=tuple(form.key for form in forms),
    )


def answers_of(combined: Form, part: str, clean: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a combined form's clean answers say to one of its forms, under that form's keys."""
    found = {}
    for _section, one in combined.questions():
        own = one.asked_for.get(part) if combined.combines else one.key
        if own is not None and one.key in clean:
            found[own] = clean[one.key]
    return found


def _both(first: str, second: str) -> str:
    return "、".join(dict.fromkeys(filter(None, [*first.split("、"), *second.split("、")])))


def either(first: str, second: str) -> str:
    """Return a condition that holds when one of two does; an empty one always holds."""
    if not first or not second or first == second:
        return first if first == second else ""
    return f"({first}) || ({second})"


def both(first: str, second: str) -> str:
    """Return a condition that holds when both do."""
    return f"({first}) && ({second})" if first and second else first or second


def names_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield every dotted name of a condition with its place."""
    tokens = tokenize(text) if text else []
    place = 0
    while place < len(tokens):
        if tokens[place].kind != "name":
            place += 1
            continue
        first = place
        while (
            place + 2 < len(tokens)
            and tokens[place + 1].kind == "."
            and tokens[place + 2].kind == "name"
        ):
            place += 2
        start, end = tokens[first].start, tokens[place].end
        yield start, end, "".join(text[start:end].split())
        place += 1


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return a condition in which fields have other names; ``names`` are by ``form.<key>``."""
    for start, end, name in reversed(list(names_in(text))):
        root = ".".join(name.split(".")[:2])
        if root in names:
            text = text[:start] + names[root] + name[len(root) :] + text[end:]
    return text


@dataclass
class _Combination:
    forms: Sequence[Form]
    licences: Mapping[str, str]
    fields: dict[str, FormField] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def yielded_by_others(self, form: Form) -> frozenset[str]:
        others = [other for other in self.forms if other.key != form.key]
        return frozenset(output for other in others for output in other.outputs)

    def sections(self, form: Form) -> Iterator[Section]:
        names = self.names.setdefault(form.key, {})
        yielded = self.yielded_by_others(form)
        several = len(self.forms) > 1
        for section in form.sections:
            kept = []
            for one in section.fields:
                if one.fact and one.fact in yielded:
                    names[f"form.{one.key}"] = one.fact
                    continue
                if (key := self.take(form, section, one)) is not None:
                    kept.append(self.fields[key])
            section_key = f"{form.key.replace('-', '_')}_{section.key}"[:60]
            key = section_key if several else section.key
            yield section.model_copy(update={"key": key, "when": "", "fields": tuple(kept)})

    def take(self, form: Form, section: Section, one: FormField) -> str | None:
        """Enter a field; return its key where it is new, None where it merged with another."""
        names = self.names[form.key]
        when = renamed(both(section.when, one.when), names)
        required_when = renamed(one.required_when, names)
        twin = next((key for key, other in self.fields.items() if _same(other, one)), None)
        if twin is not None:
            self.fields[twin] = self.merged(self.fields[twin], one, when, required_when, form.key)
            names[f"form.{one.key}"] = f"form.{twin}"
            return None
        key = one.key
        if key in self.fields:
            key = f"{form.key.replace('-', '_')}_{one.key}"[:60]
            while not key[0].isalpha() or key in self.fields:
                key = f"x{key}"[:60]
        names[f"form.{one.key}"] = f"form.{key}"
        self.fields[key] = one.model_copy(
            update={
                "key": key,
                "when": when,
                "required_when": required_when,
                "asked_for": {form.key: one.key},
                "fields": tuple(self.inner(inner, names) for inner in one.fields),
            }
        )
        return key

    def inner(self, question: Any, names: Mapping[str, str]) -> Any:
        conditions = {
            name: renamed(getattr(question, name), names) for name in ("when", "required_when")
        }
        return question.model_copy(update=conditions)

    def merged(
        self, first: FormField, second: FormField, when: str, required_when: str, form: str
    ) -> FormField:
        """Return one field for two: shown when either is, as strict as the stricter."""
        return first.model_copy(
            update={
                "when": self.reachable(first.key, either(first.when, when)),
                "required": stricter(first.required, second.required),
                "required_when": self.reachable(
                    first.key, either_required(first.required_when, required_when)
                ),
                "least": _tighter(first.least, second.least, max),
                "most": _tighter(first.most, second.most, min),
                "not_future": first.not_future or second.not_future,
                "asked_for": {**first.asked_for, form: second.key},
            }
        )

    def reachable(self, key: str, when: str) -> str:
        """Return the condition where all that it names stands before the field, else none."""
        before = list(self.fields)[: list(self.fields).index(key)]
        for _start, _end, name in names_in(when):
            if name.startswith("form.") and name.split(".")[1] not in before:
                return ""
        return when

    def settled(self, section: Section) -> Section:
        fields = tuple(self.fields[one.key] for one in section.fields)
        return section.model_copy(update={"fields": fields})

    def materials(self) -> Iterator[MaterialAsked]:
        found: dict[str, MaterialAsked] = {}
        for form in self.forms:
            yielded = self.yielded_by_others(form)
            for one in form.materials:
                licence = self.licences.get(one.material, "")
                if f"material:{one.material}" in yielded or f"licence:{licence}" in yielded:
                    continue
                when = renamed(one.when, self.names[form.key])
                known = found.get(one.material)
                if known is not None:
                    when = either(known.when, when)
                    one = MaterialAsked(
                        material=one.material,
                        required=stricter(known.required, one.required),
                        legal=_both(known.legal, one.legal),
                    )
                found[one.material] = one.model_copy(update={"when": when})
        yield from found.values()

    def signatures(self) -> Iterator[SignatureAsked]:
        seen: dict[tuple[str, ...], SignatureAsked] = {}
        for form in self.forms:
            for one in form.signatures:
                signer = self.own_key(form, one.group or one.signer)
                asked = one.model_copy(
                    update={
                        "key": one.key,
                        "signer": one.signer if one.group else signer,
                        "group": signer if one.group else "",
                        "when": renamed(one.when, self.names[form.key]),
                    }
                )
                place = (asked.label, asked.group, asked.signer, asked.statement)
                if place in seen:
                    when = either(seen[place].when, asked.when)
                    seen[place] = seen[place].model_copy(update={"when": when})
                    continue
                if any(asked.key == other.key for other in seen.values()):
                    prefix = form.key.replace("-", "_")
                    asked = asked.model_copy(update={"key": f"{prefix}_{one.key}"[:60]})
                seen[place] = asked
        yield from seen.values()

    def own_key(self, form: Form, key: str) -> str:
        name = self.names[form.key].get(f"form.{key}", f"form.{key}")
        return name.removeprefix("form.") if key else ""

    def checks(self) -> Iterator[Check]:
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            for one in form.checks:
                must = renamed(one.must, self.names[form.key])
                where = self.own_key(form, one.field)
                if where not in self.fields or (must, where) in seen:
                    continue
                seen.add((must, where))
                key = f"{form.key.replace('-', '_')}_{one.key}"[:60]
                yield one.model_copy(update={"key": key, "must": must, "field": where})


def either_required(first: str, second: str) -> str:
    """Return when a field is required that two forms require under conditions; empty is never."""
    return f"({first}) || ({second})" if first and second and first != second else first or second


def stricter(first: Required, second: Required) -> Required:
    """Return the stricter of two requirements."""
    return max(first, second, key=STRICTNESS.index)


def _tighter(first: int | None, second: int | None, choose: Any) -> int | None:
    given = [one for one in (first, second) if one is not None]
    return choose(given) if given else None


def _same(first: FormField, second: FormField) -> bool:
    """Tell whether two fields are one question."""
    if first.fact or second.fact:
        return first.fact == second.fact
    alike = ("type", "code_list", "options", "label", "unit", "material", "fields")
    same_key = second.key in {first.key, *first.asked_for.values()}
    return same_key and all(getattr(first, n) == getattr(second, n) for n in alike)
