"""What is wrong in what an item asks of outside bodies, found before anybody applies."""

from collections.abc import Iterator, Mapping
from typing import Any

from yingshang.cases.procedure import Procedure
from yingshang.domains.services.applying.filling import names_of
from yingshang.domains.services.asking.reading import ASK, asking_effects
from yingshang.domains.services.catalogue.declaring import OutsideAsk, ServiceItem
from yingshang.forms.compiling import CompiledForm
from yingshang.kernel.kinds import Remark
from yingshang.outside.declaring import FieldType, Message, OutsideBody
from yingshang.outside.models import Status
from yingshang.rules.checking import check
from yingshang.rules.errors import RuleFault
from yingshang.rules.types import BOOL, DATE, INT, STRING, Type, list_of

Known = Mapping[str, Mapping[str, Any]]
TYPES: Mapping[FieldType, Type] = {
    "text": STRING,
    "date": DATE,
    "money": INT,
    "number": INT,
    "flag": BOOL,
    "list": list_of(STRING),
}
"""What a text must give for a value of a message."""


def lint_asks(item: ServiceItem, form: CompiledForm, known: Known) -> Iterator[Remark]:
    """Yield bodies, messages, values and reasons that there are not, and texts that cannot be read."""
    for key, one in item.outside.items():
        place = ("outside", key)
        if one.after and (one.after == key or one.after not in item.outside):
            yield "unknown_ask", f"事项没有 {one.after} 这项请求", (*place, "after")
        body: OutsideBody | None = known.get("outside_body", {}).get(one.body)
        message = body.find_message(one.message) if body is not None else None
        if body is None:
            yield "unknown_outside_body", f"没有名为 {one.body} 的外部单位", (*place, "body")
        elif message is None:
            yield "unknown_message", f"{one.body} 没有报文 {one.message}", (*place, "message")
        else:
            yield from _values(one, message, form, place)
            yield from _reasons(one, message, form, place)


def _values(
    one: OutsideAsk, message: Message, form: CompiledForm, place: tuple[str, ...]
) -> Iterator[Remark]:
    fields, names = {field.key: field for field in message.fields}, names_of(form)
    for name, text in one.payload.items():
        at = (*place, "payload", name)
        if name not in fields:
            yield "unknown_field", f"报文 {message.key} 没有字段 {name}", at
            continue
        try:
            check(text, names, wanted=TYPES[fields[name].type])
        except RuleFault as fault:
            yield fault.code, str(fault), at
    for field in message.fields:
        if field.required and field.key not in one.payload:
            yield "field_unfilled", f"没有写明必填的 {field.key} 从何而来", (*place, "payload")
    if one.when:
        try:
            check(one.when, names, wanted=BOOL)
        except RuleFault as fault:
            yield fault.code, str(fault), (*place, "when")


def _reasons(
    one: OutsideAsk, message: Message, form: CompiledForm, place: tuple[str, ...]
) -> Iterator[Remark]:
    reasons = {reason.code for reason in message.answers.refused}
    for reason, fields in one.corrects.items():
        at = (*place, "corrects", reason)
        if reason not in reasons:
            yield "unknown_reason", f"报文 {message.key} 没有拒绝原因 {reason}", at
        for key in fields:
            if form.find(key) is None:
                yield "unknown_field", f"表单 {form.form.key} 没有字段 {key}", at


def lint_procedure_asks(item: ServiceItem, known: Known) -> Iterator[Remark]:
    """Yield a procedure that never asks what the item says, and answers that move it by no action."""
    procedure: Procedure | None = known.get("procedure", {}).get(item.procedure or "")
    if procedure is None:
        return
    effects = asking_effects(procedure)
    if bool(effects) != bool(item.outside):
        message = f"流程 {procedure.key} 与事项的 outside 不相符：{ASK} 和 outside 要同时有"
        yield "asked_by_nobody", message, ("outside",)
    for parameters in effects.values():
        for status in Status.values:
            key = parameters.get(status)
            action = procedure.action_by_key.get(str(key)) if key else None
            if key and (action is None or not action.system):
                message = f"流程 {procedure.key} 没有系统操作 {key}"
                yield "unknown_action", message, ("procedure",)
