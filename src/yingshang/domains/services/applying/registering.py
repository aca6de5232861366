"""What a registration changes in the registers themselves: facts, licences held, the enterprise's end."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from yingshang.cases.effects import Moment, effect, effect_lint
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.applying.names import service_of_case, submission_of
from yingshang.domains.services.errors import LicenceUnfit
from yingshang.facts.actions.recording import Given, record_values
from yingshang.facts.permissions import RECORD, RECORD_ANY
from yingshang.kernel.times import today
from yingshang.licences.models import Licence, LicenceEventKind, LicenceState
from yingshang.licences.moving import move
from yingshang.parties.actions.subjects import cancel_enterprise
from yingshang.parties.permissions import REGISTER_SUBJECTS

Known = Mapping[str, Mapping[str, Any]]
_NOT_GONE = (LicenceState.VALID, LicenceState.SUSPENDED, LicenceState.EXPIRED)


@effect("services.record_facts")
def record_facts(moment: Moment) -> None:
    """Record what a source now says of the applicant: ``with: {source: …, values: {<fact>: <text>}}``.

    The texts are worked out from the application; those without value are left out. Raises what
    recording raises.
    """
    case, values = moment.case, dict(moment.parameters["values"])
    if case.subject is None:
        raise LicenceUnfit
    found = work_out(submission_of(case.data), values)
    record_values(
        replace(organ_actor(case.holder), permissions=frozenset({RECORD, RECORD_ANY})),
        source=str(moment.parameters["source"]),
        values=tuple(
            Given(
                subject=case.subject.ref,
                key=key,
                content=value,
                valid_from=today(),
                evidence=f"case:{case.ref}",
            )
            for key, value in found.items()
        ),
        reason=service_of_case(case).item.name,
    )


@effect_lint("services.record_facts")
def lint_facts(parameters: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
    """Find sources and facts that there are not."""
    source = str(parameters.get("source", ""))
    if source not in known.get("fact_source", {}):
        yield "unknown_source", f"没有名为 {source} 的数据来源"
    values = parameters.get("values")
    for key in values if isinstance(values, Mapping) else ():
        if key not in known.get("fact_type", {}):
            yield "unknown_fact", f"没有名为 {key} 的数据项"


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
