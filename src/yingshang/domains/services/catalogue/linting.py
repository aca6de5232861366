"""What reviewers of a catalogue find too late: missing limits, fees and grounds, catch-all materials."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from yingshang.domains.services.applying.filling import asked_parameters, names_of
from yingshang.domains.services.asking.linting import lint_asks, lint_procedure_asks
from yingshang.domains.services.catalogue.declaring import (
    Asked,
    Implementation,
    Instant,
    LifeEvent,
    ServiceItem,
    ServiceQuestion,
    Term,
)
from yingshang.domains.services.catalogue.names import (
    IMPLEMENTATION,
    ITEM,
    OPENED_WITH,
    QUESTION,
)
from yingshang.domains.services.catalogue.situations import situation_of
from yingshang.domains.services.notices.linting import lint_item_notice
from yingshang.domains.services.registering.linting import changes_licence, lint_registration
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.derived_types import NotDerivable
from yingshang.forms.compiling import CompiledForm, compile_form
from yingshang.kernel.kinds import KINDS, Remark
from yingshang.kernel.times import today
from yingshang.rules.checking import check
from yingshang.rules.compiling import compile_rules
from yingshang.rules.errors import RuleFault
from yingshang.rules.policies import read_parameters, read_policy
from yingshang.rules.typed import keys_of
from yingshang.rules.types import BOOL

Known = Mapping[str, Mapping[str, Any]]
CATCH_ALL = re.compile(
    r"其他(相关|有关|所需|必要)?(材料|文件|资料|条件)|等(相关|有关)?(材料|条件)$"
)
_PHONE = re.compile(r"^(0\d{2,3}-)?\d{7,8}(-\d{1,5})?$|^1\d{10}$|^12345$|^400-?\d{3}-?\d{4}$")


def lint_item(item: ServiceItem, known: Known) -> Iterable[Remark]:
    """Yield what is wrong in an item of the basic catalogue."""
    yield from _names(item, known)
    yield from _catch_alls(item.conditions, "conditions", "受理条件")
    if item.statutory_limit.kind != "at_once" and not item.statutory_limit.ground:
        yield "no_ground", "法定时限要写明依据（ground）", ("statutory_limit",)
    same = [other.key for other in known[ITEM].values() if other.code == item.code]
    if len(same) > 1:
        yield "code_twice", f"基本编码 {item.code} 用在了 {'、'.join(sorted(same))}", ("code",)
    for place, key in enumerate(item.related):
        if key not in known[ITEM]:
            yield "unknown_item", _unlike("事项", key, known[ITEM]), ("related", place)
    if item.applies_when:
        yield from _rule(item.applies_when, known)
    yield from _texts(item, known)
    if item.type == "permit" and item.procedure and not item.result:
        yield "no_result", "行政许可要写明结果证照（result）", ("result",)
    yield from _procedures(item, known)
    yield from lint_item_notice(item, known)
    if item.form and item.materials:
        message = f"网上申请的材料由表单 {item.form} 写明，这里不再列（materials）"
        yield "materials_in_form", message, ("materials",)
    yield from lint_procedure_asks(item, known)
    if item.procedure and not item.form:
        yield "no_form", "可以在线办理的事项要有申请表（form）", ("form",)


def _names(item: ServiceItem, known: Known) -> Iterator[Remark]:
    wanted = [("form", "表单", item.form)]
    wanted.append(("licence_kind", "证照", item.result))
    places = {"licence_kind": "result"}
    for kind, word, key in wanted:
        if key is not None and _declares(kind) and key not in known.get(kind, {}):
            yield (
                f"unknown_{kind}",
                _unlike(word, key, known.get(kind, {})),
                (places.get(kind, kind),),
            )
    yield from _materials(item.materials, known)


def _materials(asked: Iterable[Asked], known: Known) -> Iterator[Remark]:
    seen: set[str] = set()
    for place, one in enumerate(asked):
        at: tuple[str | int, ...] = ("materials", place)
        if one.material in seen:
            yield "material_twice", f"材料 {one.material} 写了两次", at
        seen.add(one.material)
        if _declares("material") and one.material not in known.get("material", {}):
            yield "unknown_material", _unlike("材料", one.material, known.get("material", {})), at


def _texts(item: ServiceItem, known: Known) -> Iterator[Remark]:
    """Check every text over the form: what licences and documents say, and the rule that decides."""
    form = known.get("form", {}).get(item.form or "")
    if form is None:
        return
    catalogue = _catalogue(known)
    try:
        ready = compile_form(form, catalogue, as_of=today(), materials=known.get("material", {}))
    except (RuleFault, NotDerivable):
        return
    for place in ("result_fields", "document_fields"):
        for key, text in getattr(item, place).items():
            try:
                check(text, names_of(ready))
            except RuleFault as fault:
                yield fault.code, str(fault), (place, key)
    if item.place and ready.find(item.place) is None:
        yield "unknown_field", f"表单 {form.key} 没有字段 {item.place}", ("place",)
    yield from _licence_fields(item, known)
    yield from lint_asks(item, ready, known)
    yield from lint_registration(item, ready, known)
    if item.instant is not None:
        yield from _instant(item, item.instant, ready, catalogue)
    if item.commitment is not None:
        chosen = ready.find(item.commitment.chosen_by)
        if chosen is None or chosen.type != "yes_no":
            message = f"表单 {form.key} 没有“是否”字段 {item.commitment.chosen_by}"
            yield "unknown_field", message, ("commitment", "chosen_by")


def _licence_fields(item: ServiceItem, known: Known) -> Iterator[Remark]:
    kind = known.get("licence_kind", {}).get(item.result or "")
    if kind is None:
        return
    declared = {field.key: field for field in kind.fields}
    changes = changes_licence(item, known)
    for key in sorted(
        item.result_adds.keys() - {k for k, f in declared.items() if f.type == "list"}
    ):
        yield "unknown_field", f"证照 {kind.key} 没有清单字段 {key}", ("result_adds", key)
    for key in sorted(item.result_fields.keys() - declared.keys()):
        yield "unknown_field", f"证照 {kind.key} 没有字段 {key}", ("result_fields", key)
    for key, field in declared.items():
        if field.required and key not in item.result_fields and not changes:
            yield "field_unfilled", f"没有写明证照的必填字段 {key} 从何而来", ("result_fields",)


def _instant(
    item: ServiceItem, instant: Instant, form: CompiledForm, catalogue: Catalogue
) -> Iterator[Remark]:
    for key in instant.asks:
        if form.find(key) is None:
            yield "unknown_field", f"表单 {form.form.key} 没有字段 {key}", ("instant", "asks")
    policy = {"id": item.key, "title": item.name, "condition": instant.condition}
    parameters = read_parameters(asked_parameters(form, instant.asks))
    try:
        compile_rules([read_policy(policy)], catalogue.declarations(today(), parameters))
    except RuleFault as fault:
        yield fault.code, str(fault), ("instant", "condition")


def _procedures(item: ServiceItem, known: Known) -> Iterator[Remark]:
    named = [("procedure", item.procedure)]
    if item.commitment is not None:
        named.append(("commitment", item.commitment.procedure))
    for place, key in named:
        found = known.get("procedure", {}).get(key or "")
        if key is not None and found is None:
            yield "unknown_procedure", _unlike("流程", key, known.get("procedure", {})), (place,)
        if found is not None and not {one.field for one in found.opens.takes} >= OPENED_WITH:
            lacking = "、".join(sorted(OPENED_WITH - {one.field for one in found.opens.takes}))
            yield "procedure_unfit", f"流程 {key} 开办时应记下 {lacking}", (place,)


def _declares(kind: str) -> bool:
    return KINDS.find(kind) is not None


def _catch_alls(texts: Iterable[str], place: str, word: str) -> Iterator[Remark]:
    for number, text in enumerate(texts):
        if CATCH_ALL.search(text):
            message = f"{word}“{text}”是兜底条款，请逐项写明"
            yield "catch_all", message, (place, number)


def _catalogue(known: Known) -> Catalogue:
    return Catalogue(
        types=known.get("fact_type", {}),
        derivations=known.get("derivation", {}),
        sources=known.get("fact_source", {}),
        codes=known.get("code_list", {}),
        owners={},
    )


def _rule(text: str, known: Known) -> Iterator[Remark]:
    catalogue = _catalogue(known)
    questions = known.get(QUESTION, {}).values()
    try:
        declarations = situation_of(catalogue, questions)
        typed = check(text, declarations, wanted=BOOL)
    except NotDerivable:
        return
    except RuleFault as fault:
        yield fault.code, str(fault), ("applies_when",)
        return
    for key in sorted(keys_of(typed) - set(declarations.facts)):
        yield "unknown_fact", f"没有名为 {key} 的数据项或问题", ("applies_when",)


def lint_implementation(one: Implementation, known: Known) -> Iterable[Remark]:
    """Yield what is wrong in an implementation: against its item, and what it forgot to say."""
    item: ServiceItem | None = known[ITEM].get(one.item)
    if item is None:
        yield "unknown_item", _unlike("事项", one.item, known[ITEM]), ("item",)
    else:
        yield from judge_elements(one, item)
    if one.organ not in known.get("organ", {}):
        yield "unknown_organ", _unlike("机构", one.organ, known.get("organ", {})), ("organ",)
    rivals = [
        other.key
        for other in known[IMPLEMENTATION].values()
        if (other.item, other.organ) == (one.item, one.organ)
    ]
    if len(rivals) > 1:
        yield "implemented_twice", f"{one.organ} 对 {one.item} 有两份实施清单", ("organ",)
    yield from _materials(one.materials or (), known)
    if item is not None and item.form and one.materials is not None:
        message = f"网上申请的材料由表单 {item.form} 写明，各单位不另列（materials）"
        yield "materials_in_form", message, ("materials",)


def judge_elements(one: Implementation, item: ServiceItem) -> Iterator[Remark]:
    """Yield what is wrong in the elements of an implementation, whoever proposes them."""
    if one.level not in item.levels:
        yield "level_unfit", "行使层级不在事项规定的层级之内", ("level",)
    if _is_longer(one.promised_limit, item.statutory_limit):
        yield "promise_too_long", "承诺时限长于法定时限", ("promised_limit",)
    if bool(one.fees) == one.free:
        message = "请写明是否收费：收费的列出 fees，不收费的写 free: true"
        yield "fee_unsaid", message, ("fees",)
    if one.visits.n and not one.visits.ground:
        yield "visit_without_ground", "需要到现场的，要写明法律依据", ("visits",)
    if one.depth != "whole" and not one.depth_ground:
        yield "depth_without_ground", "不能全程网办的，要写明原因", ("depth",)
    if one.depth == "whole" and one.visits.n:
        yield "depth_unfit", "全程网办的事项，到现场次数应为 0", ("visits",)
    if one.depth in ("accept", "decide", "whole") and not item.procedure:
        yield "depth_unfit", "事项没有流程，不能在线受理", ("depth",)
    if item.procedure and not (one.remedies.review_organ and one.remedies.court):
        yield "no_remedies", "在线办理的事项要写明行政复议机关和管辖法院（remedies）", ("remedies",)
    if one.promised_limit.kind == "at_once" and item.procedure and one.depth == "consult":
        yield "depth_unfit", "即时办结的事项不应只提供咨询", ("depth",)
    for name in ("phone", "complaints"):
        if not _PHONE.match(getattr(one.contact, name)):
            yield "bad_phone", "电话应写成 0571-12345678 或 12345 的样子", ("contact", name)


def _is_longer(promised: Term, statutory: Term) -> bool:
    """Tell whether a promise exceeds the statute; of two kinds of day, whether it surely does."""
    if statutory.kind == "at_once":
        return promised.kind != "at_once"
    if promised.kind == statutory.kind:
        return promised.n > statutory.n
    least = {"at_once": 0.0, "hour": 1 / 24, "working": 1.0, "calendar": 1.0, "month": 28.0}
    most = {"hour": 1 / 24, "working": 2.0, "calendar": 1.0, "month": 31.0}
    return promised.n * least[promised.kind] > statutory.n * most[statutory.kind] + 10


def lint_life_event(event: LifeEvent, known: Known) -> Iterable[Remark]:
    """Yield the items that do not exist."""
    for place, key in enumerate(event.items):
        if key not in known[ITEM]:
            yield "unknown_item", _unlike("事项", key, known[ITEM]), ("items", place)


def lint_question(question: ServiceQuestion, known: Known) -> Iterable[Remark]:
    """Yield a fact that does not exist, and a question that no item's rule asks."""
    facts = {**known.get("fact_type", {}), **known.get("derivation", {})}
    if question.fact and question.fact not in facts:
        yield "unknown_fact", _unlike("数据项", question.fact, facts), ("fact",)
    if not any(question.name in item.applies_when for item in known[ITEM].values()):
        yield "unused_question", "没有事项用到这个问题，请删去", ("key",)


def _unlike(what: str, key: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(key, list(known), n=1)
    return f"没有名为 {key} 的{what}" + (f"，是否指 {near[0]}？" if near else "")
