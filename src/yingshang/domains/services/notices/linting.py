"""What is wrong with a public notice, found before a case publishes it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yingshang.cases.procedure import Procedure
from yingshang.domains.services.applying.filling import names_of
from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.catalogue.names import ITEM
from yingshang.domains.services.notices.declaring import PublicNotice
from yingshang.domains.services.notices.names import NOTICE, PUBLISH
from yingshang.domains.services.notices.sources import NOTICE_VALUES
from yingshang.facts.derived_types import NotDerivable
from yingshang.forms.asking import Asked
from yingshang.forms.compiling import CompiledForm, compile_form
from yingshang.forms.linting import catalogue_in
from yingshang.kernel.kinds import Remark
from yingshang.kernel.times import today
from yingshang.rules.checking import check
from yingshang.rules.errors import RuleFault
from yingshang.rules.typed import keys_of

Known = Mapping[str, Mapping[str, Any]]
_PRIVATE = re.compile(r"电话|手机|邮箱|身份证|证件|联系方式|住址")


def lint_notice(notice: PublicNotice, known: Known) -> Iterable[Remark]:
    """Yield what does not fit the procedures that publish it, and what tells too much of people."""
    if (notice.objectors == "nobody") == bool(notice.grounds):
        yield "grounds_unfit", "接受异议的公告要写明 grounds，不接受的不写", ("grounds",)
    if notice.open_to == "organs" and notice.objectors in ("anyone", "signed_in"):
        yield "objectors_unfit", "只向部门公开的公告，异议也只能由部门提出", ("objectors",)
    uses = list(_uses(notice, known))
    if not uses:
        yield "unused_notice", "没有流程发布这份公告", ("key",)
    for procedure in {one.key: one for one, _item in uses}.values():
        yield from _procedure(notice, procedure)
    for _procedure_used, item in uses:
        if item is not None:
            yield from _form(notice, known.get("form", {}).get(item.form or ""), known)
    for procedure in {one.key: one for one, item in uses if item is None}.values():
        yield from _source(notice, procedure)


def _source(notice: PublicNotice, procedure: Procedure) -> Iterator[Remark]:
    """Check the texts of a notice over what the procedure's own domain lets notices speak of."""
    source = NOTICE_VALUES.find(procedure.key)
    if source is None:
        if notice.columns:
            message = f"流程 {procedure.key} 的公告不能列名单（columns）"
            yield "columns_unfit", message, ("columns",)
        return
    if bool(notice.columns) != (source.rows is not None):
        message = f"流程 {procedure.key} 的公告{'要' if source.rows else '不能'}列名单（columns）"
        yield "columns_unfit", message, ("columns",)
    names, of_rows = source.declarations(), source.declarations(of_rows=True)
    texts = [(("shows", n, "value"), one.value, names) for n, one in enumerate(notice.shows)]
    texts += [(("columns", n, "value"), one.value, of_rows) for n, one in enumerate(notice.columns)]
    for at, text, declared in [*texts, (("title",), notice.title, names)]:
        try:
            check(text, declared)
        except RuleFault as fault:
            yield fault.code, f"{procedure.key}：{fault}", at


def _uses(notice: PublicNotice, known: Known) -> Iterator[tuple[Procedure, ServiceItem | None]]:
    """Yield the procedures that publish a notice, each with the items for which they do."""
    for procedure in known.get("procedure", {}).values():
        fixed = publishes(procedure, notice.key)
        source = NOTICE_VALUES.find(procedure.key)
        named = source is not None and notice.key in set(source.named_by(known))
        if fixed or (named and publishes(procedure, None)):
            yield procedure, None
        for item in known.get(ITEM, {}).values():
            own = item.notice == notice.key and publishes(procedure, None)
            if item.procedure == procedure.key and (fixed or own):
                yield procedure, item


def publishes(procedure: Procedure, notice: str | None) -> bool:
    """Tell whether some action of a procedure publishes a notice; None is one that the item names."""
    return any(
        effect.do == PUBLISH and effect.parameters.get("notice") == notice
        for action in procedure.actions
        for effect in action.effects
    )


def lint_item_notice(item: ServiceItem, known: Known) -> Iterator[Remark]:
    """Yield where an item names no notice although its procedure wants one, or one that there is not."""
    procedure = known.get("procedure", {}).get(item.procedure or "")
    wants = procedure is not None and publishes(procedure, None)
    if wants and item.notice is None:
        message = f"流程 {item.procedure} 要公示，请在 notice 写明哪一份公告"
        yield "no_notice", message, ("notice",)
    if item.notice is not None and not wants:
        yield "notice_unused", "流程不发布事项自己的公告，请删去 notice", ("notice",)
    if item.notice is not None and item.notice not in known.get(NOTICE, {}):
        yield "unknown_notice", f"没有名为 {item.notice} 的公告", ("notice",)


def _procedure(notice: PublicNotice, procedure: Procedure) -> Iterator[Remark]:
    if notice.clock not in procedure.clock_by_key:
        message = f"流程 {procedure.key} 没有时钟 {notice.clock}"
        yield "unknown_clock", message, ("clock",)
    elif not any(one.clock == notice.clock for one in procedure.on_expiry):
        message = f"流程 {procedure.key} 没有写明 {notice.clock} 期满后做什么（on_expiry）"
        yield "endless_notice", message, ("clock",)
    action = procedure.action_by_key.get(notice.on_objection)
    if notice.on_objection and (action is None or not action.system):
        message = f"流程 {procedure.key} 没有由系统做的动作 {notice.on_objection}"
        yield "unknown_action", message, ("on_objection",)


def _form(notice: PublicNotice, form: Any, known: Known) -> Iterator[Remark]:
    if form is None:
        return
    try:
        ready = compile_form(
            form, catalogue_in(known), as_of=today(), materials=known.get("material", {})
        )
    except (RuleFault, NotDerivable):
        return
    names = names_of(ready)
    texts = [(("shows", place, "value"), one.value, one.personal) for place, one in enumerate(notice.shows)]  # fmt: skip
    for at, text, personal in [*texts, (("title",), notice.title, "")]:
        try:
            typed = check(text, names)
        except RuleFault as fault:
            yield fault.code, f"{form.key}：{fault}", at
            continue
        told = sorted(key for key in keys_of(typed) if _is_private(ready, key))
        if told and not personal:
            message = (
                f"{'、'.join(told)} 涉及个人或者不公开的内容；法律要求公开的，在 personal 写明依据"
            )
            yield "tells_of_people", message, at


def _is_private(form: CompiledForm, name: str) -> bool:
    """Tell whether a name is an answer that tells of a person or is not public."""
    parts = name.split(".")
    if parts[0] == "subject":
        return False
    path = f"{parts[1]}.0.{parts[2]}" if parts[0] == "rows" else parts[1]
    asked = form.find(path)
    return asked is None or _tells(form, asked)


def _tells(form: CompiledForm, asked: Asked) -> bool:
    fact = form.catalogue.types.get(asked.declared.fact)
    return (
        asked.type == "person"
        or (fact is not None and fact.sensitivity != "public")
        or bool(_PRIVATE.search(asked.label))
    )
