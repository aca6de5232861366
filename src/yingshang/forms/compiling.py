"""A form ready to be evaluated: every field resolved, every condition parsed and checked once.

A condition may name facts, parameters and the fields that stand before it (``form.<key>``; in a
group's rows also ``row.<key>``), so that one pass in order settles what is visible. Of a group it may
name ``form.<group>.count`` and the list ``form.<group>.<key>``; of a choice among several the list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from yingshang.facts.catalogue import Catalogue
from yingshang.forms.asking import Asked, resolve
from yingshang.forms.definition import (
    Check,
    Form,
    FormField,
    Material,
    MaterialAsked,
    Question,
    Section,
    SignatureAsked,
)
from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations, Declared, Parameter
from yingshang.rules.errors import RuleFault
from yingshang.rules.evaluating import Program, compile_row
from yingshang.rules.typed import Typed, keys_of
from yingshang.rules.types import BOOL, INT, list_of


@dataclass(frozen=True)
class Condition:
    """A checked condition: its text, what it reads, the program that decides it, and its tree."""

    text: str
    keys: frozenset[str]
    run: Program
    typed: Typed


@dataclass(frozen=True)
class CompiledField:
    """A field with its conditions, and those of its rows."""

    asked: Asked
    when: Condition | None
    required_when: Condition | None
    rows: "tuple[CompiledField, ...]" = ()


@dataclass(frozen=True)
class CompiledSection:
    """A section with its condition and fields."""

    declared: Section
    when: Condition | None
    fields: tuple[CompiledField, ...]


@dataclass(frozen=True)
class CompiledForm:
    """A form over a catalogue as of a day; ``materials`` are the declared ones by key."""

    form: Form
    catalogue: Catalogue
    as_of: date
    sections: tuple[CompiledSection, ...]
    checks: tuple[tuple[Check, Condition], ...]
    asked_materials: tuple[tuple[MaterialAsked, Condition | None], ...]
    signatures: tuple[tuple[SignatureAsked, Condition | None], ...]
    materials: Mapping[str, Material] = field(default_factory=dict)

    def fields(self) -> Iterator[CompiledField]:
        """Yield every field of every section, in order."""
        for section in self.sections:
            yield from section.fields

    def find(self, path: str) -> Asked | None:
        """Return the field at ``key`` or ``group.<row>.key``, or None."""
        head, *rest = path.split(".")
        found = next((one.asked for one in self.fields() if one.asked.key == head), None)
        if found is None or not rest:
            return found
        return found.row_by_key.get(rest[-1]) if len(rest) == 2 else None

    @property
    def asks_for_organs(self) -> bool:
        """Tell whether any field names an organ."""
        return any(
            asked.type == "organ" for one in self.fields() for asked in (one.asked, *one.asked.rows)
        )

    @property
    def fact_keys(self) -> frozenset[str]:
        """Return the facts that it reads: to prefill, in conditions, as proof of a material."""
        keys = {key for condition in self._conditions() for key in condition.keys}
        for one in self.fields():
            keys |= {asked.fact for asked in (one.asked, *one.asked.rows)}
        for asked, _when in self.asked_materials:
            if (material := self.materials.get(asked.material)) is not None:
                keys |= set(material.proves)
        return frozenset(keys & self.catalogue.columns.keys())

    def _conditions(self) -> Iterator[Condition]:
        for section in self.sections:
            yield from filter(None, [section.when])
            for one in section.fields:
                for part in (one, *one.rows):
                    yield from filter(None, [part.when, part.required_when])
        yield from (condition for _check, condition in self.checks)
        for _asked, when in (*self.asked_materials, *self.signatures):
            yield from filter(None, [when])


Place = tuple[str | int, ...]


def compile_form(
    form: Form,
    catalogue: Catalogue,
    *,
    as_of: date,
    parameters: Mapping[str, Parameter] | None = None,
    materials: Mapping[str, Material] | None = None,
) -> CompiledForm:
    """Resolve and check a whole form; raises the first :class:`RuleFault`, whose place says where."""
    return _Compiler(form, catalogue, as_of, parameters or {}, materials or {}).run()


def faults_of(
    form: Form,
    catalogue: Catalogue,
    *,
    as_of: date,
    parameters: Mapping[str, Parameter] | None = None,
) -> list[tuple[RuleFault, Place]]:
    """Return everything that :func:`compile_form` would refuse, with the place in the declaration."""
    compiler = _Compiler(form, catalogue, as_of, parameters or {}, {}, stops=False)
    compiler.run()
    return compiler.faults


@dataclass
class _Compiler:
    form: Form
    catalogue: Catalogue
    as_of: date
    parameters: Mapping[str, Parameter]
    materials: Mapping[str, Material]
    stops: bool = True
    faults: list[tuple[RuleFault, Place]] = field(default_factory=list)
    names: dict[str, Declared] = field(default_factory=dict)

    def run(self) -> CompiledForm:
        sections = tuple(self.section(n, one) for n, one in enumerate(self.form.sections))
        return CompiledForm(
            form=self.form,
            catalogue=self.catalogue,
            as_of=self.as_of,
            sections=sections,
            checks=tuple(self.checks()),
            asked_materials=tuple(
                (one, self.condition(one.when, ("materials", n, "when")))
                for n, one in enumerate(self.form.materials)
            ),
            signatures=tuple(
                (one, self.condition(one.when, ("signatures", n, "when")))
                for n, one in enumerate(self.form.signatures)
            ),
            materials=self.materials,
        )

    def section(self, number: int, declared: Section) -> CompiledSection:
        place: Place = ("sections", number)
        when = self.condition(declared.when, (*place, "when"))
        fields = [self.field(one, (*place, "fields", n)) for n, one in enumerate(declared.fields)]
        return CompiledSection(declared, when, tuple(one for one in fields if one is not None))

    def field(self, declared: FormField, place: Place) -> CompiledField | None:
        try:
            asked = resolve(declared, self.catalogue)
        except RuleFault as fault:
            self.fail(fault, place)
            return None
        compiled = self.one(declared, asked, place, rows=self.rows(asked, declared, place))
        self.declare(asked)
        return compiled

    def rows(self, asked: Asked, declared: FormField, place: Place) -> tuple[CompiledField, ...]:
        outside = dict(self.names)
        rows = []
        for n, inner in enumerate(asked.rows):
            rows.append(self.one(inner.declared, inner, (*place, "fields", n)))
            self.declare(inner)
        self.names = outside
        return tuple(rows)

    def one(
        self,
        declared: Question,
        asked: Asked,
        place: Place,
        rows: tuple[CompiledField, ...] = (),
    ) -> CompiledField:
        when = self.condition(declared.when, (*place, "when"))
        required = self.condition(declared.required_when, (*place, "required_when"))
        return CompiledField(asked, when, required, rows)

    def declare(self, asked: Asked) -> None:
        if asked.rule_type is not None:
            self.names[asked.name] = Declared(asked.rule_type, label=asked.label)
        if asked.type == "group":
            self.names[f"{asked.name}.count"] = Declared(INT, label=asked.label)
            for inner in asked.rows:
                if inner.rule_type is not None and inner.rule_type.item is None:
                    kind = list_of(inner.rule_type)
                    self.names[f"{asked.name}.{inner.key}"] = Declared(kind, label=inner.label)

    def checks(self) -> Iterator[tuple[Check, Condition]]:
        for n, one in enumerate(self.form.checks):
            condition = self.condition(one.must, ("checks", n, "must"))
            if condition is not None:
                yield one, condition

    def condition(self, text: str, place: Place) -> Condition | None:
        if not text:
            return None
        facts = {**self.catalogue.declared, **self.names}
        try:
            typed = check(text, Declarations(facts, self.as_of, self.parameters), wanted=BOOL)
        except RuleFault as fault:
            self.fail(fault, place)
            return None
        return Condition(text, keys_of(typed), compile_row(typed), typed)

    def fail(self, fault: RuleFault, place: Place) -> None:
        if self.stops:
            fault.place = fault.place or f"{self.form.key} {'.'.join(map(str, place))}"
            raise fault
        self.faults.append((fault, place))
