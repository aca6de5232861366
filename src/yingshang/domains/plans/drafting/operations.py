"""The corrections that a person can make to a draft, each a pure function from state to state.

An operation is a name and plain parameters. :func:`apply` never changes the state it is given.
Every operation raises :class:`OperationInvalid` with a sentence that says what to do instead.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.drafting.sentences import from_lines, relocate
from yingshang.domains.plans.drafting.state import (
    HEADINGS,
    DraftMeasure,
    DraftState,
    DraftTarget,
    DraftUnit,
    draft_measure,
    draft_target,
)
from yingshang.domains.plans.errors import OperationInvalid
from yingshang.kernel.registry import Registry

Operation = Callable[[DraftState, str, Mapping[str, Any]], None]
OPERATIONS: Registry[Operation] = Registry("draft operation")

DOCUMENT_FIELDS = ("title", "issuer", "document_number", "issued_on", "year")
TEXT_FIELDS = (*HEADINGS, "title", "due_text")
COMPARATORS = (">=", "<=", "=", "~=")
TARGET_STATUSES = ("proposed", "confirmed", "rejected")


def apply(
    state: DraftState, name: str, parameters: Mapping[str, Any], *, fresh_id: str
) -> DraftState:
    """Return the state after one operation; ``fresh_id`` names what the operation creates."""
    operation = OPERATIONS.find(name)
    if operation is None:
        raise OperationInvalid(_("没有名为“%(name)s”的修改操作。"), params={"name": name})
    after = deepcopy(state)
    operation(after, fresh_id, parameters)
    return after


def fold(
    parsed: DraftState, operations: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> DraftState:
    """Return the parsed state after operations given as (fresh id, name, parameters) in order."""
    state = parsed
    for fresh_id, name, parameters in operations:
        state = apply(state, name, parameters, fresh_id=fresh_id)
    return state


def find_measure(state: DraftState, ident: object) -> DraftMeasure:
    """Return the measure with this id; raises :class:`OperationInvalid`."""
    for measure in state["measures"]:
        if measure["id"] == ident:
            return measure
    raise OperationInvalid(_("没有找到要修改的举措。请刷新页面。"))


def _place_of(state: DraftState, ident: object) -> int:
    return state["measures"].index(find_measure(state, ident))


def _text_or_none(value: object) -> str | None:
    return " ".join(str(value).split()) or None if value is not None else None


def _date_or_none(value: object, field: str) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise OperationInvalid(
            _("日期“%(value)s”无法识别。请写成 2025-06-30 的格式。"),
            field=field,
            params={"value": str(value)},
        ) from None


def _whole_number(value: object, field: str, least: int = 1) -> int | None:
    if value in (None, ""):
        return None
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if not least <= number <= 9999:
        raise OperationInvalid(
            _("“%(value)s”不是有效的序号或年份。请填写整数。"),
            field=field,
            params={"value": str(value)},
        )
    return number


@OPERATIONS.named("correct_document")
def correct_document(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Set the document's own fields: title, issuer, document_number, issued_on, year."""
    for name in DOCUMENT_FIELDS:
        if name not in parameters:
            continue
        value = parameters[name]
        if name == "issued_on":
            state["issued_on"] = _date_or_none(value, name)
        elif name == "year":
            state["year"] = _whole_number(value, name, least=1949)
        else:
            state[name] = _text_or_none(value)  # type: ignore[literal-required]


@OPERATIONS.named("correct_measure")
def correct_measure(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Set fields of the measure ``id``; whatever is set counts as looked at.

    ``lines`` sets text and sub-actions together, one sub-action a line; ``units`` is a list of
    ``{name, group, role}``. The places of figures follow the words.
    """
    measure = find_measure(state, parameters.get("id"))
    if "lines" in parameters:
        _set_text(measure, str(parameters["lines"]))
    for name in TEXT_FIELDS:
        if name in parameters:
            measure[name] = _text_or_none(parameters[name])  # type: ignore[literal-required]
    if "number" in parameters:
        measure["number"] = _whole_number(parameters["number"], "number")
    if "due" in parameters:
        measure["due"] = _date_or_none(parameters["due"], "due")
    if "starred" in parameters:
        measure["starred"] = bool(parameters["starred"])
    if "units" in parameters:
        measure["units"] = _units(parameters["units"])
    touched = {"text" if name == "lines" else name for name in parameters}
    measure["unsure"] = [name for name in measure["unsure"] if name not in touched]


@OPERATIONS.named("accept_measure")
def accept_measure(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Mark every doubtful field of the measure ``id`` as looked at and right."""
    find_measure(state, parameters.get("id"))["unsure"] = []


def _set_text(measure: DraftMeasure, lines: str) -> None:
    text, spans = from_lines(lines)
    if not text:
        raise OperationInvalid(
            _("举措内容不能为空。如要去掉这条举措，请使用“移除”。"), field="lines"
        )
    for target in measure["targets"]:
        target["span"] = relocate(target["span"], measure["text"], text)
    measure["text"], measure["sentences"] = text, spans


def _units(value: object) -> list[DraftUnit]:
    if not isinstance(value, (list, tuple)):
        raise OperationInvalid(_("责任单位格式有误。请逐个填写单位名称。"), field="units")
    units: list[DraftUnit] = []
    for entry in value:
        name = _text_or_none(entry.get("name"))
        role = entry.get("role") or None
        if role not in (None, "lead", "cooperate"):
            raise OperationInvalid(_("责任单位只分牵头和配合。"), field="units")
        if name and name not in {unit["name"] for unit in units}:
            units.append({"name": name[:80], "group": bool(entry.get("group")), "role": role})
    return units


@OPERATIONS.named("split_measure")
def split_measure(state: DraftState, fresh: str, parameters: Mapping[str, Any]) -> None:
    """Split the measure ``id`` after its sub-action ``after`` (counted from 1).

    Headings, units and due date go to both parts; figures go with their words; the second part has
    no number until it is given one.
    """
    place = _place_of(state, parameters.get("id"))
    first = state["measures"][place]
    after = _whole_number(parameters.get("after"), "after") or 0
    if not 0 < after < len(first["sentences"]):
        raise OperationInvalid(
            _("只能在两个分项之间拆分。请先在内容中把要分开的部分写成两行。"), field="after"
        )
    cut = first["sentences"][after][0]
    second = deepcopy(first)
    second["id"], second["number"], second["title"], second["unsure"] = fresh, None, None, []
    second["text"] = first["text"][cut:]
    second["sentences"] = [[a - cut, b - cut] for a, b in first["sentences"][after:]]
    second["targets"] = [_moved(t, -cut) for t in first["targets"] if t["span"][0] >= cut]
    first["text"] = first["text"][:cut].rstrip()
    first["sentences"] = first["sentences"][:after]
    first["targets"] = [t for t in first["targets"] if t["span"][0] < cut]
    state["measures"].insert(place + 1, second)


def _moved(target: DraftTarget, by: int) -> DraftTarget:
    start, end = target["span"]
    return {**target, "span": [start + by, end + by] if end else [0, 0]}


@OPERATIONS.named("merge_measures")
def merge_measures(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Append the measure after ``id`` to it: texts, sub-actions, figures and units together."""
    place = _place_of(state, parameters.get("id"))
    if place + 1 >= len(state["measures"]):
        raise OperationInvalid(_("这是最后一条举措，后面没有可以合并的举措。"))
    first, second = state["measures"][place], state["measures"].pop(place + 1)
    offset = len(first["text"])
    if second["title"] and second["title"] != first["title"]:
        second["text"] = f"{second['title']}。{second['text']}"
        shift = len(second["title"]) + 1
        second["targets"] = [_moved(target, shift) for target in second["targets"]]
        second["sentences"] = [[0, shift]] + [
            [a + shift, b + shift] for a, b in second["sentences"]
        ]
    first["text"] += second["text"]
    first["raw"] = "\n".join(part for part in (first["raw"], second["raw"]) if part)
    first["sentences"] += [[a + offset, b + offset] for a, b in second["sentences"]]
    first["targets"] += [_moved(target, offset) for target in second["targets"]]
    first["due"] = first["due"] or second["due"]
    first["due_text"] = first["due_text"] or second["due_text"]
    first["starred"] = first["starred"] or second["starred"]
    first["units"] = _units([*first["units"], *second["units"]])
    first["unsure"] = list(dict.fromkeys([*first["unsure"], *second["unsure"]]))
    state["links"].pop(second["id"], None)


@OPERATIONS.named("add_measure")
def add_measure(state: DraftState, fresh: str, parameters: Mapping[str, Any]) -> None:
    """Add a measure after ``after`` (an id; empty for the beginning), under the same headings."""
    place = _place_of(state, parameters["after"]) + 1 if parameters.get("after") else 0
    text, spans = from_lines(str(parameters.get("lines") or ""))
    if not text:
        raise OperationInvalid(_("请填写举措内容。"), field="lines")
    added = draft_measure(fresh, {"text": text, "sentences": spans, "raw": ""})
    if place:
        _adopt_headings(added, state["measures"][place - 1])
    state["measures"].insert(place, added)
    correct_measure(
        state, fresh, {**{k: v for k, v in parameters.items() if k != "lines"}, "id": fresh}
    )


@OPERATIONS.named("move_measure")
def move_measure(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Move the measure ``id`` after ``after`` (empty: to the beginning).

    With ``headings`` true it takes over the headings of its new place.
    """
    moved = find_measure(state, parameters.get("id"))
    after = parameters.get("after") or None
    if after == moved["id"]:
        raise OperationInvalid(_("不能把举措移到它自己之后。请选择另一条举措。"), field="after")
    if after is not None:
        find_measure(state, after)
    state["measures"].remove(moved)
    place = _place_of(state, after) + 1 if after else 0
    if parameters.get("headings") and state["measures"]:
        _adopt_headings(moved, state["measures"][max(place - 1, 0)])
    state["measures"].insert(place, moved)


def _adopt_headings(measure: DraftMeasure, neighbour: DraftMeasure) -> None:
    for name in HEADINGS:
        measure[name] = neighbour[name]  # type: ignore[literal-required]


@OPERATIONS.named("remove_measure")
def remove_measure(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Take the measure ``id`` out of the draft; the parsed document still has it."""
    state["measures"].remove(find_measure(state, parameters.get("id")))
    state["links"].pop(str(parameters.get("id")), None)


@OPERATIONS.named("renumber")
def renumber(state: DraftState, _fresh: str, _parameters: Mapping[str, Any]) -> None:
    """Number all measures from 1 in their order."""
    for number, measure in enumerate(state["measures"], start=1):
        measure["number"] = number


@OPERATIONS.named("decide_target")
def decide_target(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Confirm, reject or reopen the figure ``target`` of the measure ``id``, with changed fields."""
    measure = find_measure(state, parameters.get("id"))
    for place, target in enumerate(measure["targets"]):
        if target["id"] == parameters.get("target"):
            measure["targets"][place] = checked_target({**target, **_target_fields(parameters)})
            measure["unsure"] = [name for name in measure["unsure"] if name != "targets"]
            return
    raise OperationInvalid(_("没有找到要修改的目标值。请刷新页面。"))


@OPERATIONS.named("add_target")
def add_target(state: DraftState, fresh: str, parameters: Mapping[str, Any]) -> None:
    """Add a figure that was not found; ``words`` says where it stands in the text."""
    measure = find_measure(state, parameters.get("id"))
    words = str(parameters.get("words") or "")
    start = measure["text"].find(words) if words else -1
    if words and start < 0:
        raise OperationInvalid(
            _("内容中没有“%(words)s”。请照原文填写，或留空。"),
            field="words",
            params={"words": words},
        )
    span = [start, start + len(words)] if words else [0, 0]
    fields = {"status": "confirmed", **_target_fields(parameters), "id": fresh, "span": span}
    measure["targets"].append(checked_target(fields))


def _target_fields(parameters: Mapping[str, Any]) -> dict[str, Any]:
    names = ("indicator", "comparator", "value", "unit", "deadline", "baseline", "status")
    return {name: parameters[name] for name in names if name in parameters}


def checked_target(fields: Mapping[str, Any]) -> DraftTarget:
    """Return a target with its fields checked; raises :class:`OperationInvalid` naming the field."""
    if not _text_or_none(fields.get("indicator")):
        raise OperationInvalid(_("请填写指标名称。"), field="indicator")
    if fields.get("comparator", "=") not in COMPARATORS:
        raise OperationInvalid(
            _("比较方式只有不低于、不高于、等于、基本达到四种。"), field="comparator"
        )
    if fields.get("status", "proposed") not in TARGET_STATUSES:
        raise OperationInvalid(_("目标值只能确认、退回待定或不采纳。"), field="status")
    return draft_target(
        str(fields["id"]),
        {
            **fields,
            "indicator": _text_or_none(fields["indicator"]),
            "unit": _text_or_none(fields.get("unit")),
            "value": _decimal(fields.get("value"), "value"),
            "baseline": None
            if fields.get("baseline") in (None, "")
            else _decimal(fields["baseline"], "baseline"),
            "deadline": _date_or_none(fields.get("deadline"), "deadline"),
        },
    )


def _decimal(value: object, field: str) -> float:
    try:
        number = float(str(value).strip())
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e14:
        raise OperationInvalid(
            _("“%(value)s”不是数。请填写阿拉伯数字，百分比只填数字部分。"),
            field=field,
            params={"value": str(value)},
        )
    return int(number) if number.is_integer() else round(number, 4)


@OPERATIONS.named("link_measure")
def link_measure(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Say which measure of the former version the measure ``id`` continues; empty ``former``: none."""
    ident = find_measure(state, parameters.get("id"))["id"]
    former = str(parameters.get("former") or "") or None
    for other, linked in list(state["links"].items()):
        if former is not None and linked == former and other != ident:
            state["links"].pop(other)
    state["links"][ident] = former


@OPERATIONS.named("resolve_unit")
def resolve_unit(state: DraftState, _fresh: str, parameters: Mapping[str, Any]) -> None:
    """Say whom the unit name ``name`` means: keys of ``organs``; several make it a group."""
    name = str(parameters.get("name") or "")
    if name not in {unit["name"] for m in state["measures"] for unit in m["units"]}:
        raise OperationInvalid(_("没有举措提到“%(name)s”。请刷新页面。"), params={"name": name})
    organs = [str(key) for key in parameters.get("organs") or [] if key]
    if not organs:
        raise OperationInvalid(_("请至少选择一个机构。"), field="organs")
    state["resolutions"][name] = {
        "organs": list(dict.fromkeys(organs)),
        "group": bool(parameters.get("group")) or len(set(organs)) > 1,
        "remember": bool(parameters.get("remember")),
    }
