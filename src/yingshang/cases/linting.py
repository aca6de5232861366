"""What is wrong in a procedure, found before anybody opens a case under it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yingshang.cases.conditions import reads_day
from yingshang.cases.effects import EFFECTS, LINTS
from yingshang.cases.history import RESERVED
from yingshang.cases.linting_limits import lint_limits, promise_too_long
from yingshang.cases.powers import FIELD
from yingshang.cases.procedure import By, Condition, FieldLimit, GivenLimit, Procedure, Taken
from yingshang.kernel.kinds import Remark
from yingshang.parties.permissions import PERMISSIONS
from yingshang.rules.errors import RuleFault

Place = tuple[str | int, ...]


def lint_procedure(
    procedure: Procedure, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[Remark]:
    """Yield every fault: names that mean nothing, dead ends, states without a clock or a reason."""
    yield from _twice(procedure)
    found = [*_unknown_states(procedure), *_unknown_fields(procedure), *_conditions(procedure)]
    yield from found
    if not found:
        yield from _paths(procedure)
        yield from _clocks(procedure)
        yield from lint_limits(procedure)
    yield from _actors(procedure)
    yield from _effects(procedure, known)
    yield from _family(procedure, known)


def _twice(procedure: Procedure) -> Iterator[Remark]:
    for name in ("states", "fields", "actions"):
        seen: set[str] = set()
        for place, part in enumerate(getattr(procedure, name)):
            if part.key in seen:
                yield "key_twice", f"标识 {part.key} 写了两次", (name, place, "key")
            seen.add(part.key)
    clocks = [c.key for c in procedure.clocks] + [p.key for p in procedure.periodic]
    for key in {key for key in clocks if clocks.count(key) > 1}:
        yield "key_twice", f"计时 {key} 写了两次", ("clocks",)
    for key in sorted(RESERVED & procedure.action_by_key.keys()):
        yield "reserved_key", f"{key} 是系统事件的名称，请换一个标识", ("actions",)


def _named_states(procedure: Procedure) -> Iterator[tuple[str, Place]]:
    yield procedure.initial, ("initial",)
    for place, action in enumerate(procedure.actions):
        for other, state in enumerate(action.from_states):
            yield state, ("actions", place, "from", other)
        if action.to is not None:
            yield action.to, ("actions", place, "to")
    for place, clock in enumerate(procedure.clocks):
        for state in (*clock.runs_in, *clock.pauses_in):
            yield state, ("clocks", place)
    for place, periodic in enumerate(procedure.periodic):
        for state in periodic.runs_in:
            yield state, ("periodic", place)


def _unknown_states(procedure: Procedure) -> Iterator[Remark]:
    for state, place in _named_states(procedure):
        if state not in procedure.state_by_key:
            yield "unknown_state", f"没有名为 {state} 的状态", place


def _named_fields(procedure: Procedure) -> Iterator[tuple[str, Place]]:
    yield from _taken(procedure.opens.takes, ("opens", "fields"))
    for place, action in enumerate(procedure.actions):
        yield from _taken(action.takes, ("actions", place, "fields"))
        for name in action.sets:
            yield name, ("actions", place, "sets", name)
        if action.hands_over_to is not None:
            yield action.hands_over_to, ("actions", place, "hands_over_to")
        if action.written_notice:
            yield action.written_notice, ("actions", place, "written_notice")
        for number, by in enumerate(action.by):
            if by.power.startswith(FIELD):
                yield by.power[len(FIELD) :], ("actions", place, "by", number, "power")
    for place, clock in enumerate(procedure.clocks):
        if isinstance(clock.limit, FieldLimit):
            yield clock.limit.field, ("clocks", place, "limit", "field")
        if isinstance(clock.limit, GivenLimit):
            yield clock.limit.given, ("clocks", place, "limit", "given")


def _taken(taken: Iterable[Taken], place: Place) -> Iterator[tuple[str, Place]]:
    for number, one in enumerate(taken):
        yield one.field, (*place, number)


def _unknown_fields(procedure: Procedure) -> Iterator[Remark]:
    for name, place in _named_fields(procedure):
        if name not in procedure.field_by_key:
            yield "unknown_field", f"用到了没有声明的字段 {name}", place
    yield from _unfit_fields(procedure)


def _unfit_fields(procedure: Procedure) -> Iterator[Remark]:
    for place, field in enumerate(procedure.fields):
        if (field.type == "choice") != bool(field.choices):
            message = f"字段 {field.key}：choice 类型要有 choices，其他类型不能有"
            yield "choices_unfit", message, ("fields", place)
    for place, action in enumerate(procedure.actions):
        field_ = procedure.field_by_key.get(action.hands_over_to or "")
        taken = {one.field for one in action.takes if one.required}
        if field_ is not None and (field_.type != "organ" or field_.key not in taken):
            message = f"hands_over_to 应是本操作必填的机构字段，{field_.key} 不是"
            yield "hand_over_unfit", message, ("actions", place, "hands_over_to")
    for place, clock in enumerate(procedure.clocks):
        if isinstance(clock.limit, FieldLimit):
            limit = procedure.field_by_key.get(clock.limit.field)
            if limit is not None and limit.type != "date":
                yield "limit_no_date", f"{limit.key} 不是日期字段", ("clocks", place, "limit")
        if isinstance(clock.limit, GivenLimit):
            given = procedure.field_by_key.get(clock.limit.given)
            if given is not None and given.type != "limit":
                yield "limit_not_given", f"{given.key} 不是 limit 字段", ("clocks", place, "limit")


def _all_conditions(procedure: Procedure) -> Iterator[tuple[Condition, Place]]:
    for name in ("actions", "clocks", "periodic"):
        for place, part in enumerate(getattr(procedure, name)):
            if part.when is not None:
                yield part.when, (name, place, "when")


def _conditions(procedure: Procedure) -> Iterator[Remark]:
    for condition, place in _all_conditions(procedure):
        if condition.text:
            yield from _text(procedure, condition.text, place)
            continue
        field = procedure.field_by_key.get(condition.field)
        if field is None or field.type != "choice":
            yield "condition_unfit", f"when 要看选择字段，{condition.field} 不是", place
            continue
        for value in set(condition.among) - {choice.key for choice in field.choices}:
            yield "unknown_choice", f"{field.key} 没有选项 {value}", place


def _text(procedure: Procedure, text: str, place: Place) -> Iterator[Remark]:
    try:
        moving = reads_day(procedure, text)
    except RuleFault as fault:
        yield "condition_unfit", str(fault), place
        return
    if moving and place[0] != "actions":
        yield "condition_moves", "计时的条件不能看今天是几号：重放时结果会变", place


def _paths(procedure: Procedure) -> Iterator[Remark]:
    """Find states that cannot be reached, and states from which no final state can be."""
    steps = [(s, a.to) for a in procedure.actions for s in a.from_states if a.to is not None]
    reached = _closure({procedure.initial}, steps)
    finals = {state.key for state in procedure.states if state.final}
    ending = _closure(finals, [(to, s) for s, to in steps])
    if not finals:
        yield "no_final_state", "至少要有一个 final: true 的状态", ("states",)
    for place, state in enumerate(procedure.states):
        at: Place = ("states", place)
        if state.key not in reached:
            yield "unreachable_state", f"到不了状态 {state.key}", at
        if state.key not in ending and finals:
            yield "dead_state", f"从状态 {state.key} 走不到任何结束状态", at
    yield from _reopening(procedure, finals)


def _reopening(procedure: Procedure, finals: set[str]) -> Iterator[Remark]:
    """Find actions after the end that do not say that they reopen, and those that say so and do not."""
    for place, action in enumerate(procedure.actions):
        at: Place = ("actions", place)
        ended = sorted(finals & {*action.from_states})
        if ended and not action.reopens:
            message = (
                f"结束状态 {ended[0]} 之后还有操作 {action.key}；确要重新办理的写 reopens: true"
            )
            yield "final_not_final", message, at
        elif action.reopens and (not ended or action.to is None or action.to in finals):
            yield "reopens_nothing", f"操作 {action.key} 没有从结束状态回到办理中", at


def _closure(start: set[str], steps: Iterable[tuple[str, str]]) -> set[str]:
    found, steps = set(start), list(steps)
    while more := {to for s, to in steps if s in found} - found:
        found |= more
    return found


def _clocks(procedure: Procedure) -> Iterator[Remark]:
    for place, state in enumerate(procedure.states):
        if not state.final and not state.no_clock and not _is_timed(procedure, state.key):
            message = f"状态 {state.key} 没有时限；请加计时，或用 no_clock 写明为什么不计时"
            yield "no_clock", message, ("states", place)
    for place, clock in enumerate(procedure.clocks):
        at: Place = ("clocks", place)
        if clock.pauses_in and isinstance(clock.limit, FieldLimit):
            yield "pause_unfit", "以日期字段为限的计时不能暂停", (*at, "pauses_in")
        for key in (*clock.runs_in, *clock.pauses_in):
            if procedure.state_by_key[key].final:
                yield "clock_in_final_state", f"结束状态 {key} 不计时", at
        if clock.basis == "statutory" and not clock.ground:
            yield "no_ground", "法定时限要写明依据（ground）", at
        yield from promise_too_long(procedure, clock, at)
    for place, periodic in enumerate(procedure.periodic):
        for key in set(periodic.reported_by) - set(procedure.action_by_key):
            yield "unknown_action", f"没有名为 {key} 的操作", ("periodic", place, "reported_by")


def _is_timed(procedure: Procedure, state: str) -> bool:
    """Tell whether in this state a clock runs whatever the data are; one that stands still times nothing."""
    timing = [c for c in procedure.clocks if state in c.runs_in]
    conditions = [c.when for c in timing]
    conditions += [p.when for p in procedure.periodic if state in p.runs_in]
    if None in conditions:
        return True
    for field in procedure.fields:
        covered = {v for c in conditions if c is not None and c.field == field.key for v in c.among}
        if field.type == "choice" and covered >= {choice.key for choice in field.choices}:
            return True
    return False


def _actors(procedure: Procedure) -> Iterator[Remark]:
    for place, action in enumerate(procedure.actions):
        at: Place = ("actions", place)
        if not action.by and not action.system:
            yield "nobody_may", f"没有人可以办理 {action.key}；请写 by 或 system: true", at
        if action.by and action.system:
            yield "system_with_actor", "system: true 的操作不由人办理，请去掉 by", at
        for number, by in enumerate(action.by):
            yield from _permission(by, (*at, "by", number))
    if procedure.opens.permission not in PERMISSIONS:
        message = f"没有名为 {procedure.opens.permission} 的权限"
        yield "unknown_permission", message, ("opens", "permission")


def _permission(by: By, place: Place) -> Iterator[Remark]:
    if by.relation == "named":
        if by.permission:
            yield "permission_unfit", "relation 为 named 的人不凭权限办理，请去掉 permission", place
        return
    if by.permission not in PERMISSIONS:
        yield "unknown_permission", f"没有名为 {by.permission} 的权限", place


def _effects(procedure: Procedure, known: Mapping[str, Mapping[str, Any]]) -> Iterator[Remark]:
    for place, action in enumerate(procedure.actions):
        for number, effect in enumerate(action.effects):
            at: Place = ("actions", place, "effects", number)
            lint = LINTS.find(effect.do)
            for code, message in lint(effect.parameters, known) if lint else ():
                yield code, message, at
            if effect.do not in EFFECTS:
                yield "unknown_effect", f"没有名为 {effect.do} 的后续动作", at


def _family(procedure: Procedure, known: Mapping[str, Mapping[str, Any]]) -> Iterator[Remark]:
    join = procedure.when_children_closed
    told = {"when_child_opened": procedure.when_child_opened}
    told["when_child_closed"] = procedure.when_child_closed
    told["when_children_closed"] = join.do if join is not None else None
    for place, key in told.items():
        action = procedure.action_by_key.get(key or "")
        if key is not None and (action is None or not action.system):
            message = f"{place} 应是本流程的 system 操作，{key} 不是"
            yield "unknown_action", message, (place,)
    for parent in procedure.opens.as_child_of:
        if parent not in known.get("procedure", {}):
            yield "unknown_procedure", f"没有名为 {parent} 的流程", ("opens", "as_child_of")
