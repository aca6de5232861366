"""What is wrong in a procedure's words about limits: suspension, extension, expiry, promises."""

from collections.abc import Iterator

from yingshang.cases.procedure import (
    CaseAction,
    Clock,
    Extension,
    FieldLimit,
    FixedLimit,
    Procedure,
)
from yingshang.kernel.kinds import Remark

Place = tuple[str | int, ...]
OF_ORGANS = ("holder", "opener", "supervisor")
"""Whoever stands so to a case acts for an organ."""

NOTICE_TYPES = ("text", "file", "ref", "evidence")
"""A notice's text, its files, or a reference to a decision that was issued."""


def lint_limits(procedure: Procedure) -> Iterator[Remark]:
    """Yield the faults; every state and field that is named exists."""
    for number, action in enumerate(procedure.actions):
        at: Place = ("actions", number)
        yield from _notice(procedure, action, at)
        yield from _suspension(procedure, action, at)
        yield from _approval(procedure, action, at)
        if action.extends is not None:
            yield from _extension(procedure, action, action.extends, at)
        if action.counts_from and action.counts_from not in procedure.clock_by_key:
            message = f"counts_from 应是本流程的计时，没有名为 {action.counts_from} 的"
            yield "unknown_clock", message, (*at, "counts_from")
    yield from _expiries(procedure)


def _notice(procedure: Procedure, action: CaseAction, at: Place) -> Iterator[Remark]:
    if not action.written_notice:
        return
    field = procedure.field_by_key[action.written_notice]
    required = {one.field for one in action.takes if one.required}
    if field.key not in required or field.type not in NOTICE_TYPES:
        message = f"written_notice 应是本操作必填的文字、文件或引用字段，{field.key} 不是"
        yield "notice_unfit", message, (*at, "written_notice")
    if field.sensitivity == "restricted":
        message = f"书面告知要让申请人看到，{field.key} 不能是 restricted"
        yield "notice_unfit", message, (*at, "written_notice")


def _suspension(procedure: Procedure, action: CaseAction, at: Place) -> Iterator[Remark]:
    """An action that stops a statutory clock says under which law, and tells the applicant in writing.

    Administrative Licensing Law 45: the time of a hearing, test or expert review is not counted only
    where the applicant was told in writing how long it takes.
    """
    for clock in procedure.clocks:
        entered = action.to in clock.pauses_in
        left = any(state in clock.runs_in for state in action.from_states)
        if clock.basis != "statutory" or not entered or not left:
            continue
        if not action.ground:
            message = f"{action.key} 使法定时限 {clock.key} 停止计算，要写明依据（ground）"
            yield "suspension_ungrounded", message, at
        if not action.written_notice:
            message = (
                f"{action.key} 使法定时限 {clock.key} 停止计算，"
                "要书面告知申请人：请加必填的告知字段，并用 written_notice 指明"
            )
            yield "suspension_untold", message, at
        if _open_ended(procedure, action) and not action.approves:
            message = (
                f"{action.key} 使法定时限 {clock.key} 停止计算而没有固定的终点，"
                "要由一人提请、另一人批准：请用 asked_by 指明提请的操作"
            )
            yield "suspension_unapproved", message, at


def _open_ended(procedure: Procedure, action: CaseAction) -> bool:
    """Tell whether an official stops the clock for as long as the organ likes.

    It is not where a limit that is the same for every case runs meanwhile, such as that of a public
    notice, nor where it is the applicant's turn.
    """
    by_organ = not action.system and any(one.relation in OF_ORGANS for one in action.by)
    bounded = any(
        isinstance(one.limit, FixedLimit) and action.to in one.runs_in for one in procedure.clocks
    )
    waits = any(one.key == action.to and one.turn == "opener" for one in procedure.states)
    return by_organ and not bounded and not waits


def _approval(procedure: Procedure, action: CaseAction, at: Place) -> Iterator[Remark]:
    """What is approved was asked for by another action that a person does; nobody names two."""
    if action.asked_by and action.extends is not None and action.extends.asked_by:
        yield "approval_unfit", "asked_by 只写一处", (*at, "asked_by")
    asking = procedure.action_by_key.get(action.approves)
    if action.approves and (asking is None or asking.system or asking.key == action.key):
        message = f"asked_by 应是本流程中由人办理的另一项操作，{action.approves} 不是"
        yield "unknown_action", message, at
    if action.approves and action.system:
        yield "approval_unfit", "由人批准的操作不能是 system 操作", at


def _extension(
    procedure: Procedure, action: CaseAction, extends: Extension, at: Place
) -> Iterator[Remark]:
    at = (*at, "extends")
    clock = procedure.clock_by_key.get(extends.clock)
    if clock is None:
        yield "unknown_clock", f"没有名为 {extends.clock} 的计时", at
        return
    if isinstance(clock.limit, FieldLimit):
        yield "extension_unfit", f"{clock.key} 以日期字段为限，改日期即可，不用 extends", at
    if clock.basis == "statutory":
        if not action.ground:
            yield "extension_ungrounded", "延长法定时限要写明依据（ground）", at
        if not action.written_notice:
            message = "延长法定时限要书面告知申请人理由：请用 written_notice 指明告知字段"
            yield "extension_untold", message, at
        if not action.approves:
            message = "延长法定时限要由一人申请、另一人批准：请用 asked_by 指明申请的操作"
            yield "extension_unapproved", message, at
        if action.at_most is None:
            yield "extension_unbounded", "延长法定时限要写明最多几次（at_most）", at


def _expiries(procedure: Procedure) -> Iterator[Remark]:
    for number, one in enumerate(procedure.on_expiry):
        at: Place = ("on_expiry", number)
        clock = procedure.clock_by_key.get(one.clock)
        action = procedure.action_by_key.get(one.do)
        if clock is None:
            yield "unknown_clock", f"没有名为 {one.clock} 的计时", at
        if action is None or not action.system:
            yield "unknown_action", f"on_expiry 应做本流程的 system 操作，{one.do} 不是", at
        if clock is None or action is None:
            continue
        if not all(_comes_to(procedure, action, state) for state in clock.runs_in):
            message = f"{one.do} 应能从 {clock.key} 计时的每个状态办理，或者由人从该状态回到可以办理的状态"
            yield "expiry_unfit", message, at
        if action.to is None or action.to in (*clock.runs_in, *clock.pauses_in):
            yield "expiry_unfit", f"{one.do} 之后 {clock.key} 应停止计时", at
        if action.reason == "required" or any(taken.required for taken in action.takes):
            yield "expiry_unfit", f"{one.do} 由系统办理，不能有必填项", at


def _comes_to(procedure: Procedure, action: CaseAction, state: str) -> bool:
    """Tell whether what a limit does can be done in a state, or once a person has led back from there.

    A limit may run out while somebody decides whether it counts, as on an objection that came in time:
    it then does what it does when the case comes back.
    """
    back = any(
        state in one.from_states and one.to in action.from_states and not one.system
        for one in procedure.actions
    )
    return state in action.from_states or back


def promise_too_long(procedure: Procedure, promised: Clock, at: Place) -> Iterator[Remark]:
    """Yield where a promised limit ends later than a statutory one of the same kind of day.

    Both must be fixed, and the promised one run only while the other does.
    """
    if promised.basis != "promised" or not isinstance(promised.limit, FixedLimit):
        return
    for legal in procedure.clocks:
        if legal.basis != "statutory" or not isinstance(legal.limit, FixedLimit):
            continue
        together = set(promised.runs_in) <= set(legal.runs_in)
        same = promised.limit.kind == legal.limit.kind
        if together and same and promised.limit.n > legal.limit.n:
            message = f"承诺时限 {promised.key} 不能长于法定时限 {legal.key}"
            yield "promise_too_long", message, at
