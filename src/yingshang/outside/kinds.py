"""The kind of content ``outside_body``."""

from collections.abc import Iterable, Mapping
from typing import Any

from yingshang.kernel.kinds import KINDS, Kind, Remark
from yingshang.outside.adapters import ADAPTERS
from yingshang.outside.declaring import Message, OutsideBody

Known = Mapping[str, Mapping[str, Any]]
KIND = "outside_body"


def lint_body(body: OutsideBody, _known: Known) -> Iterable[Remark]:
    """Name unknown adapters, settings that they refuse, empty patience, names used twice."""
    adapter = ADAPTERS.find(body.adapter)
    if adapter is None:
        known = "、".join(ADAPTERS.names())
        yield "adapter_unknown", f"没有适配器 {body.adapter}；可以是：{known}", ("adapter",)
    else:
        for fault in adapter.faults(body):
            yield "settings_unfit", fault, ("settings",)
    if not body.stuck_after.span:
        yield "no_patience", "stuck_after 要写明多久没有答复算滞留", ("stuck_after",)
    yield from _twice([one.key for one in body.messages], ("messages",), "报文")
    for place, message in enumerate(body.messages):
        yield from _lint_message(message, ("messages", place))


def _lint_message(message: Message, at: tuple[str | int, ...]) -> Iterable[Remark]:
    if message.stuck_after is not None and not message.stuck_after.span:
        yield "no_patience", "stuck_after 不能为零；不写则用单位的规定", (*at, "stuck_after")
    yield from _twice([one.key for one in message.fields], (*at, "fields"), "数据项")
    for name in ("accepted", "done"):
        keys = [one.key for one in getattr(message.answers, name)]
        yield from _twice(keys, (*at, "answers", name), "回执项")
    codes = [one.code for one in message.answers.refused]
    yield from _twice(codes, (*at, "answers", "refused"), "拒绝原因")
    codes = [one.code for one in message.answers.returned]
    yield from _twice(codes, (*at, "answers", "returned"), "退回原因")


def _twice(keys: list[str], at: tuple[str | int, ...], word: str) -> Iterable[Remark]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "key_twice", f"{word} {key} 写了两次", at


KINDS.add(KIND, Kind(KIND, "outside_bodies", OutsideBody, lint_body))
