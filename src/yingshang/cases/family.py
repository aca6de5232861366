"""Effects between a case and its parent."""

from yingshang.cases.effects import Moment, effect
from yingshang.cases.errors import UnknownCaseAction
from yingshang.cases.log import procedure_of
from yingshang.cases.working import find_action, lock, move


@effect("cases.act_on_parent")
def act_on_parent(moment: Moment) -> None:
    """Do the parent's system action ``action``; ``take`` maps its fields to fields of this case.

    Raises :class:`UnknownCaseAction` when the parent's procedure has no such system action, and what
    moving the parent raises: the child's action is then undone.
    """
    if moment.case.parent_id is None:
        return
    parent = lock(moment.case.parent_id)
    procedure = procedure_of(parent.version)
    action = find_action(procedure, str(moment.parameters["action"]))
    if not action.system:
        raise UnknownCaseAction(params={"procedure": procedure.label, "action": action.key})
    take = moment.parameters.get("take", {})
    data = {name: moment.case.data.get(source) for name, source in take.items()}
    reason = moment.event.reason if action.reason != "none" else ""
    move(moment.actor, parent, action, data=data, reason=reason)
