"""How a matter runs: steps begin when those before ended well; the whole ends when all are settled.

What is refused stops only what waits for it. How each step stands is worked out anew every time, so
that it does not matter in which order steps end.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext, override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.working import find_action, lock, move
from yingshang.domains.services.applying.actions import open_application
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.applying.names import submission_of
from yingshang.domains.services.bundles.names import (
    BUNDLE,
    COMPLETE,
    COMPLETE_PARTLY,
    END_WITHOUT,
    NOT_BEGUN,
    STEP_ENDED,
)
from yingshang.domains.services.bundles.reading import (
    Standing,
    bundle_of,
    origin_of,
    recorded_not_begun,
    standings_of,
)
from yingshang.domains.services.errors import LicenceUnfit
from yingshang.forms.parting import taken_over
from yingshang.forms.permissions import READ_SUBMISSIONS
from yingshang.licences.issuing import definition_of, issue
from yingshang.licences.models import Licence
from yingshang.parties.actors import Actor

UNSETTLED = ("ready", "waiting", "running")


@effect("services.go_on_with_steps")
def go_on_with_steps(moment: Moment) -> None:
    """Begin every step that may begin now, record those that never will, and end the whole if all have."""
    pk = moment.case.pk
    while _went_on(pk):
        pass


def _went_on(pk: int) -> bool:
    """Do one thing that is to be done in a matter; a step may end, and move it, while it begins."""
    parent = lock(pk)
    if parent.closed_at is not None:
        return False
    actor, found = organ_actor(parent.holder), standings_of(parent)
    ready = next((one for one in found if one.state == "ready"), None)
    if ready is not None:
        _begin(actor, parent, ready)
        return True
    recorded = recorded_not_begun(parent)
    lost = [one for one in found if one.state == "not_begun" and one.row.item not in recorded]
    if lost:
        _record_not_begun(actor, parent, lost[0])
        return True
    if not any(one.state in UNSETTLED for one in found):
        _finish(actor, parent, found)
    return False


def _begin(actor: Actor, parent: Case, step: Standing) -> None:
    part = step.row.submission
    if part.subject is None and parent.subject is not None:
        part = taken_over(organ_actor(step.service.organ, READ_SUBMISSIONS), part, parent.subject)
    open_application(
        actor,
        step.service,
        part,
        procedure=step.row.procedure,
        participants=tuple(parent.events.get(seq=1).participants),
        origin=origin_of(parent, step.row.item),
        parent=parent,
    )


def _record_not_begun(actor: Actor, parent: Case, step: Standing) -> None:
    with override(settings.LANGUAGE_CODE):
        data = {"step": step.row.item, "step_name": step.name, "because": said_of(step)}
    move(actor, parent, find_action(procedure_of(parent.version), NOT_BEGUN), data=data)


def _finish(actor: Actor, parent: Case, found: Sequence[Standing]) -> None:
    done = [one for one in found if one.state == "done"]
    key = COMPLETE if len(done) == len(found) else COMPLETE_PARTLY if done else END_WITHOUT
    with override(settings.LANGUAGE_CODE):
        lines = "\n".join(f"{one.name}：{said_of(one)}" for one in found)
    move(actor, parent, find_action(procedure_of(parent.version), key), data={"ended": lines})


def said_of(one: Standing) -> str:
    """Say how a step stands, in the reader's language."""
    if one.case is not None:
        return one.ended
    before = {"before": "”“".join(other.name for other in one.because)}
    if one.state == "not_begun":
        return gettext("未启动：“%(before)s”没有办成") % before
    return gettext("等“%(before)s”办成后启动") % before


@effect("services.tell_matter")
def tell_matter(moment: Moment) -> None:
    """Tell the whole matter that a step's licence is issued although its case goes on (事后核查)."""
    if moment.case.parent_id is None:
        return
    parent = lock(moment.case.parent_id)
    if BUNDLE not in parent.data or parent.closed_at is not None:
        return
    action = find_action(procedure_of(parent.version), STEP_ENDED)
    if parent.state in action.from_states:
        move(organ_actor(parent.holder), parent, action)


@effect("services.issue_comprehensive")
def issue_comprehensive(moment: Moment) -> None:
    """Issue the licence that stands for all permits of a matter, where its bundle names one.

    Raises :class:`LicenceUnfit` for a matter of nobody, and what issuing raises.
    """
    bundle = bundle_of(moment.case)
    if bundle.result is None:
        return
    if moment.case.subject is None:
        raise LicenceUnfit
    values = work_out(submission_of(moment.case.data), bundle.result_fields)
    if any(one.key == "permits" for one in definition_of(bundle.result).declared.fields):
        values["permits"] = permits_of(moment.case)
    issue(
        moment.actor,
        kind=bundle.result,
        subject=moment.case.subject,
        issuer=moment.case.holder,
        fields=values,
        origin=f"case:{moment.case.ref}",
        ground=bundle.label,
    )


def permits_of(parent: Case) -> list[str]:
    """Return the permits that the steps of a matter led to: name and number."""
    found = {one.case.ref: one for one in standings_of(parent) if one.case is not None}
    origins = {f"case:{ref}": one for ref, one in found.items()}
    issued = Licence.objects.filter(origin__in=origins).order_by("pk")
    return [f"{_result_name(origins[one.origin])} {one.number}" for one in issued]


def _result_name(step: Standing) -> str:
    return step.service.item.result_name or step.name
