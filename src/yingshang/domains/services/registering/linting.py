"""What is wrong in what an item registers, found before anybody applies."""

from collections.abc import Iterator, Mapping
from typing import Any

from yingshang.cases.procedure import Procedure
from yingshang.domains.services.applying.filling import names_of
from yingshang.domains.services.catalogue.declaring import RecordsStated, ServiceItem, Stated
from yingshang.facts.declaring import FactTypeDeclaration
from yingshang.forms.compiling import CompiledForm
from yingshang.kernel.kinds import Remark
from yingshang.rules.checking import check
from yingshang.rules.errors import RuleFault
from yingshang.rules.types import STRING, Type, list_of

Known = Mapping[str, Mapping[str, Any]]
CHANGE = "services.change_licence"
NEEDS = {
    "services.found_enterprise": "founds",
    "services.state_facts": "states",
    CHANGE: "result",
}
"""What an item must say for an effect of its procedure to have something to do."""


def changes_licence(item: ServiceItem, known: Known) -> bool:
    """Tell whether an item's procedure changes a licence that there is already."""
    return CHANGE in _effects(item, known)


def _effects(item: ServiceItem, known: Known) -> frozenset[str]:
    procedure: Procedure | None = known.get("procedure", {}).get(item.procedure or "")
    actions = procedure.actions if procedure is not None else ()
    return frozenset(effect.do for action in actions for effect in action.effects)


def lint_registration(item: ServiceItem, form: CompiledForm, known: Known) -> Iterator[Remark]:
    """Yield texts, people, facts and groups that there are not, and effects with nothing to do."""
    for effect in sorted(_effects(item, known) & NEEDS.keys()):
        if not getattr(item, NEEDS[effect]):
            message = f"流程要做 {effect}，事项没有写 {NEEDS[effect]}"
            yield "effect_idle", message, ("procedure",)
    if item.representative:
        yield from _person(form, item.representative, ("representative",))
    if item.founds is not None:
        yield from _text(form, item.founds.name, STRING, ("founds", "name"))
        if item.founds.founders:
            path = f"{item.founds.founders}.0.{item.founds.founder}"
            yield from _person(form, path, ("founds", "founder"))
    if item.claims_name is not None:
        yield from _text(form, item.claims_name.name, STRING, ("claims_name", "name"))
        if item.claims_name.rule not in known.get("name_rule", {}):
            message = f"没有名为 {item.claims_name.rule} 的名称规则"
            yield "unknown_name_rule", message, ("claims_name", "rule")
    for key, text in item.result_adds.items():
        yield from _text(form, text, list_of(STRING), ("result_adds", key))
    if item.states is not None:
        yield from _stated(item.states, form, known)


def _person(form: CompiledForm, path: str, place: tuple[str, ...]) -> Iterator[Remark]:
    asked = form.find(path)
    if asked is None or asked.type != "person":
        yield "unknown_field", f"表单 {form.form.key} 没有人员字段 {path}", place


def _text(
    form: CompiledForm, text: str, wanted: Type | None, place: tuple[str, ...]
) -> Iterator[Remark]:
    try:
        check(text, names_of(form), wanted=wanted)
    except RuleFault as fault:
        yield fault.code, str(fault), place


def _stated(stated: Stated, form: CompiledForm, known: Known) -> Iterator[Remark]:
    if stated.source not in known.get("fact_source", {}):
        yield "unknown_source", f"没有名为 {stated.source} 的数据源", ("states", "source")
    facts: Mapping[str, FactTypeDeclaration] = known.get("fact_type", {})
    named = [*stated.values, *stated.records, *([stated.changes] if stated.changes else [])]
    for key in named:
        if key not in facts:
            yield "unknown_fact", f"数据目录中没有 {key}", ("states", key)
        elif facts[key].source != stated.source:
            message = f"{key} 的权威来源是 {facts[key].source}，不是 {stated.source}"
            yield "source_unfit", message, ("states", key)
    for key, text in stated.values.items():
        yield from _text(form, text, None, ("states", "values", key))
    for key, one in stated.records.items():
        yield from _records(one, facts.get(key), form, ("states", "records", key))


def _records(
    one: RecordsStated,
    fact: FactTypeDeclaration | None,
    form: CompiledForm,
    place: tuple[str, ...],
) -> Iterator[Remark]:
    for field, asked in one.content.items():
        if form.find(f"{one.group}.0.{asked}") is None:
            yield "unknown_field", f"表单 {form.form.key} 没有 {one.group}.{asked}", place
        if fact is not None and field not in {part.key for part in fact.fields}:
            yield "unknown_field", f"{fact.key} 没有字段 {field}", place
