"""How a registration ends what there was: licences held, and the enterprise itself."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from yingshang.cases.effects import Moment, effect, effect_lint
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.names import service_of_case
from yingshang.domains.services.errors import LicenceUnfit
from yingshang.kernel.times import today
from yingshang.licences.models import Licence, LicenceEventKind, LicenceState
from yingshang.licences.moving import move
from yingshang.parties.actions.subjects import cancel_enterprise
from yingshang.parties.permissions import REGISTER_SUBJECTS

Known = Mapping[str, Mapping[str, Any]]
_NOT_GONE = (LicenceState.VALID, LicenceState.SUSPENDED, LicenceState.EXPIRED)


@effect("services.end_held_licences")
def end_held_licences(moment: Moment) -> None:
    """Suspend, revoke or cancel the applicant's licences of a kind: ``with: {kind: …, event: cancel}``.

    Nothing happens where the platform holds none. Their numbers are never given again. Raises what the
    licence's own life allows.
    """
    case = moment.case
    held = Licence.objects.select_for_update(of=("self",)).filter(
        subject=case.subject, kind=str(moment.parameters["kind"]), state__in=_NOT_GONE
    )
    for licence in held.order_by("pk"):
        move(
            moment.actor,
            licence,
            LicenceEventKind(str(moment.parameters["event"])),
            on=today(),
            ground=moment.event.reason or service_of_case(case).item.name,
        )


@effect_lint("services.end_held_licences")
def lint_held(parameters: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
    """Find kinds of licences and events that there are not."""
    kind, event = str(parameters.get("kind", "")), str(parameters.get("event", ""))
    if kind not in known.get("licence_kind", {}):
        yield "unknown_licence_kind", f"没有名为 {kind} 的证照"
    if event not in LicenceEventKind.values:
        yield "unknown_event", f"证照没有 {event} 这种变动"


@effect("services.end_enterprise")
def end_enterprise(moment: Moment) -> None:
    """End the enterprise that the case is about (注销): its code is never given again, nobody acts for it.

    Raises :class:`LicenceUnfit` for a case about nobody, ``SubjectCancelled``.
    """
    case = moment.case
    if case.subject is None:
        raise LicenceUnfit
    cancel_enterprise(
        replace(organ_actor(case.holder), permissions=frozenset({REGISTER_SUBJECTS})),
        subject=case.subject.ref,
        on=today(),
        ground=f"{service_of_case(case).item.name}（{case.ref}）",
    )
