"""Confirming, changing and rejecting the figures of a stored plan."""

from typing import Literal

from yingshang.domains.plans.drafting.operations import checked_target
from yingshang.domains.plans.errors import TargetMissing, TargetNotOpen
from yingshang.domains.plans.models import TargetProposal
from yingshang.domains.plans.models.library import TargetStatus
from yingshang.domains.plans.permissions import DECIDE_TARGETS
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


@action("plans.decide_target", permission=DECIDE_TARGETS)
def decide_target(
    actor: Actor,
    *,
    target: str,
    status: Literal["confirmed", "rejected", "proposed"],
    indicator: str | None = None,
    comparator: str | None = None,
    value: str | float | None = None,
    unit: str | None = None,
    deadline: str | None = None,
    baseline: str | float | None = None,
) -> None:
    """Say what becomes of a figure, with its fields as they shall be; None leaves a field.

    An empty ``deadline`` or ``baseline`` clears it. Raises :class:`TargetMissing`,
    :class:`TargetNotOpen` for a former version's figure, and OperationInvalid naming a wrong field.
    """
    found = (
        TargetProposal.objects.select_for_update(of=("self",))
        .select_related("wording__version__document", "wording__measure")
        .filter(ref=target)
        .first()
    )
    if found is None:
        raise TargetMissing
    version = found.wording.version
    if version.document.current_id != version.pk:
        raise TargetNotOpen
    given = {
        "indicator": indicator,
        "comparator": comparator,
        "value": value,
        "unit": unit,
        "deadline": deadline,
        "baseline": baseline,
    }
    _write(found, {name: given[name] for name in given if given[name] is not None}, status)
    found.decided_by, found.decided_by_name, found.decided_at = actor.ref, actor.name, now()
    found.save()
    record(
        "plans.target_decided",
        actor=actor.ref,
        subject=f"plan-measure:{found.wording.measure.ref}",
        payload={
            "target": found.ref,
            "status": status,
            "indicator": found.indicator,
            "value": str(found.value),
            "unit": found.unit,
        },
    )


def _write(found: TargetProposal, given: dict[str, object], status: str) -> None:
    names = ("indicator", "comparator", "value", "unit", "deadline", "baseline")
    present = {name: getattr(found, name) for name in names}
    checked = checked_target({**present, **given, "id": found.ref, "status": status})
    found.indicator, found.comparator = checked["indicator"][:200], checked["comparator"]
    found.value, found.unit = f"{checked['value']:.4f}", checked["unit"][:40]
    found.deadline = checked["deadline"]
    found.baseline = None if checked["baseline"] is None else f"{checked['baseline']:.4f}"
    found.status = TargetStatus(status)
