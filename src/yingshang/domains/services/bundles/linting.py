"""What is wrong in a bundle, found before anybody hands it in."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from yingshang.domains.services.applying.filling import names_of
from yingshang.domains.services.bundles.declaring import Bundle, BundleStep
from yingshang.domains.services.bundles.names import ACTIONS, OPENED_WITH
from yingshang.domains.services.catalogue.names import ITEM, LIFE_EVENT
from yingshang.facts.derived_types import NotDerivable
from yingshang.forms.combining import combine
from yingshang.forms.compiling import CompiledForm, compile_form
from yingshang.forms.definition import Form, Material
from yingshang.forms.linting import catalogue_in
from yingshang.kernel.kinds import Remark
from yingshang.rules.checking import check
from yingshang.rules.errors import RuleFault
from yingshang.rules.evaluating import evaluate
from yingshang.rules.typed import keys_of
from yingshang.rules.types import BOOL

Known = Mapping[str, Mapping[str, Any]]


def lint_bundle(bundle: Bundle, known: Known) -> Iterable[Remark]:
    """Yield every fault: unknown parts, circles, steps without form, outputs asked for, bad rules."""
    faults = [*_steps(bundle, known), *_order(bundle)]
    yield from faults
    yield from _lead(bundle, known)
    yield from _procedure(bundle, known)
    if bundle.life_event and bundle.life_event not in known.get(LIFE_EVENT, {}):
        yield "unknown_life_event", f"没有名为 {bundle.life_event} 的办事主题", ("life_event",)
    if not faults:
        yield from _forms(bundle, known)


def _steps(bundle: Bundle, known: Known) -> Iterator[Remark]:
    seen: set[str] = set()
    for place, step in enumerate(bundle.steps):
        at: tuple[str | int, ...] = ("steps", place)
        item = known.get(ITEM, {}).get(step.item)
        if step.item in seen:
            yield "step_twice", f"事项 {step.item} 写了两次", at
        seen.add(step.item)
        if item is None:
            yield "unknown_item", f"没有名为 {step.item} 的事项", at
        elif item.form is None or item.form not in known.get("form", {}):
            yield "step_without_form", f"事项 {step.item} 没有申请表，不能一表申请", at
        elif item.procedure is None:
            yield "step_without_procedure", f"事项 {step.item} 没有办理流程", at


def _order(bundle: Bundle) -> Iterator[Remark]:
    reached = {one.item for one in bundle.in_order}
    for place, step in enumerate(bundle.steps):
        for other in step.after:
            if other not in bundle.step_by_item:
                yield "unknown_step", f"没有步骤 {other}", ("steps", place, "after")
        if step.item in bundle.before(step.item):
            yield "circle", f"步骤 {step.item} 要等它自己先办完", ("steps", place, "after")
        elif step.item not in reached:
            yield "unreachable_step", f"步骤 {step.item} 永远不能开始", ("steps", place)


def _lead(bundle: Bundle, known: Known) -> Iterator[Remark]:
    lead = bundle.lead
    if lead.item is not None and lead.item not in bundle.step_by_item:
        yield "unknown_lead", f"牵头事项 {lead.item} 不是其中的步骤", ("lead", "item")
    elif lead.item is not None and bundle.step_by_item[lead.item].optional:
        yield "lead_optional", "牵头事项应是必办的步骤", ("lead", "item")
    if lead.organ is not None and lead.organ not in known.get("organ", {}):
        yield "unknown_organ", f"没有名为 {lead.organ} 的机构", ("lead", "organ")


def _procedure(bundle: Bundle, known: Known) -> Iterator[Remark]:
    found = known.get("procedure", {}).get(bundle.procedure)
    if found is None:
        yield "unknown_procedure", f"没有名为 {bundle.procedure} 的流程", ("procedure",)
        return
    actions = found.action_by_key
    lacking = [key for key in ACTIONS if key not in actions or not actions[key].system]
    lacking += sorted(OPENED_WITH - {one.field for one in found.opens.takes})
    if lacking or found.when_child_closed is None:
        message = f"流程 {bundle.procedure} 缺少 {'、'.join([*lacking, 'when_child_closed'])}"
        yield "procedure_unfit", message, ("procedure",)


def combined_form(bundle: Bundle, known: Known, steps: Iterable[BundleStep]) -> Form:
    """Return the one form of these steps, from the declarations of loaded packs."""
    forms = [known["form"][known[ITEM][one.item].form] for one in steps]
    materials: Mapping[str, Material] = known.get("material", {})
    return combine(
        list({one.key: one for one in forms}.values()),
        label=bundle.label,
        licences={key: one.licence_kind for key, one in materials.items()},
    )


def _forms(bundle: Bundle, known: Known) -> Iterator[Remark]:
    """Find what the one form still asks although a step yields it, and rules that cannot be read."""
    yield from _waits_for_what_it_needs(bundle, known)
    whole = combined_form(bundle, known, bundle.in_order)
    yield from _asked_outputs(whole, known)
    yield from _materials_apart(whole, known)
    always = [one for one in bundle.in_order if not one.optional]
    if not any(not one.when for one in always):
        yield "all_optional", "至少要有一个必办的步骤，不写 optional 也不写 when", ("steps",)
        return
    try:
        compile_with(whole, known)
        ready = compile_with(combined_form(bundle, known, always), known)
    except NotDerivable:
        return
    except RuleFault as fault:
        yield fault.code, f"合并后的表单有问题：{fault}", ("steps",)
        return
    yield from _rules(bundle, known, ready)


def compile_with(form: Form, known: Known) -> CompiledForm:
    """Return a form ready to be evaluated, over the declarations of loaded packs."""
    parameters = {key: one.parameter for key, one in known.get("parameter", {}).items()}
    return compile_form(
        form,
        catalogue_in(known),
        as_of=date(2026, 1, 1),
        parameters=parameters,
        materials=known.get("material", {}),
    )


def _yields(form: Form, known: Known) -> frozenset[str]:
    kinds = {one.removeprefix("licence:") for one in form.outputs if one.startswith("licence:")}
    materials: Mapping[str, Material] = known.get("material", {})
    stood_for = {f"material:{key}" for key, one in materials.items() if one.licence_kind in kinds}
    return frozenset(form.outputs) | stood_for


def _asks(form: Form) -> frozenset[str]:
    facts = {
        question.fact
        for _section, field in form.questions()
        for question in (field, *field.fields)
        if question.fact
    }
    inline = {one.material for _section, one in form.questions() if one.material}
    wanted = inline | {one.material for one in form.materials}
    return frozenset(facts | {f"material:{key}" for key in wanted})


def _waits_for_what_it_needs(bundle: Bundle, known: Known) -> Iterator[Remark]:
    form_of = {one.item: known["form"][known[ITEM][one.item].form] for one in bundle.steps}
    for place, step in enumerate(bundle.steps):
        for item, other in form_of.items():
            needs = _asks(form_of[step.item]) & _yields(other, known)
            if item != step.item and needs and item not in bundle.before(step.item):
                message = (
                    f"{step.item} 需要 {item} 的结果（{'、'.join(sorted(needs))}），应排在其后"
                )
                yield "not_after", message, ("steps", place, "after")


def _asked_outputs(whole: Form, known: Known) -> Iterator[Remark]:
    for asked in sorted(_asks(whole) & _yields(whole, known)):
        yield "output_asked", f"合并后的表单仍在索要前面步骤的结果 {asked}", ("steps",)


def _materials_apart(whole: Form, known: Known) -> Iterator[Remark]:
    materials: Mapping[str, Material] = known.get("material", {})
    seen: dict[str, str] = {}
    for one in whole.materials:
        label = materials[one.material].label if one.material in materials else one.material
        if label in seen:
            message = f"材料“{label}”以 {seen[label]} 和 {one.material} 两个标识重复索要，应合并"
            yield "material_twice", message, ("steps",)
        seen[label] = one.material


def _rules(bundle: Bundle, known: Known, form: CompiledForm) -> Iterator[Remark]:
    names = names_of(form)
    for place, step in enumerate(bundle.steps):
        if not step.when:
            continue
        try:
            typed = check(step.when, names, wanted=BOOL)
        except RuleFault as fault:
            yield fault.code, str(fault), ("steps", place, "when")
            continue
        if not keys_of(typed) and evaluate(typed, {}) is not True:
            yield "unreachable_step", f"步骤 {step.item} 永远不能开始", ("steps", place, "when")
    kind = known.get("licence_kind", {}).get(bundle.result or "")
    if bundle.result and kind is None:
        yield "unknown_licence_kind", f"没有名为 {bundle.result} 的证照", ("result",)
    fields = {one.key: one for one in kind.fields} if kind is not None else {}
    for key, text in bundle.result_fields.items():
        if kind is not None and key not in fields:
            yield "unknown_field", f"证照 {bundle.result} 没有字段 {key}", ("result_fields", key)
        try:
            check(text, names)
        except RuleFault as fault:
            yield fault.code, str(fault), ("result_fields", key)
    for key in fields:
        if fields[key].required and key not in {*bundle.result_fields, "permits"}:
            yield "field_missing", f"证照必填的 {key} 没有写", ("result_fields",)
