"""Reads of bundles: what they cover here, by which organs, and how far a matter has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from django.db.models import Q, QuerySet

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.relations import readable
from yingshang.cases.wording import label
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, list_current
from yingshang.domains.services.bundles.declaring import Bundle, BundleStep
from yingshang.domains.services.bundles.names import BUNDLE, NOT_BEGUN
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.catalogue.reading import Service, list_services, service_of
from yingshang.domains.services.errors import ApplicationMissing, NoSuchService
from yingshang.domains.services.models import MatterStep
from yingshang.licences.models import Licence
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@dataclass(frozen=True)
class Matter:
    """A bundle as it is handled here: each step with the service in force that handles it."""

    bundle: Bundle
    number: int
    services: Mapping[str, Service]

    @property
    def steps(self) -> tuple[BundleStep, ...]:
        """The steps in order."""
        return self.bundle.in_order

    @property
    def is_online(self) -> bool:
        """Tell whether every step that is always part of it can be applied for here."""
        return all(one.item in self.services for one in self.steps if not one.optional)

    @property
    def missing(self) -> tuple[str, ...]:
        """The items that are not handled online here."""
        return tuple(one.item for one in self.steps if one.item not in self.services)

    @property
    def founds(self) -> bool:
        """Tell whether its subject comes into being by one of its steps."""
        return any(one.item.founding for one in self.services.values())

    @cached_property
    def lead(self) -> Organ | None:
        """The organ that answers for the whole; None where there is none here."""
        lead = self.bundle.lead
        if lead.item is not None:
            found = self.services.get(lead.item)
            return found.organ if found is not None else None
        return Organ.objects.filter(key=lead.organ).first()

    def chosen(self, optional: Sequence[str]) -> tuple[BundleStep, ...]:
        """Return the steps that somebody takes who chose these optional ones, those handled here."""
        taken = [one for one in self.steps if not one.optional or one.item in optional]
        return tuple(one for one in taken if one.item in self.services)


def list_matters() -> list[Matter]:
    """Return the bundles in force with the services by which they are handled here, in order."""
    online: dict[str, Service] = {}
    for one in list_services():
        if one.is_online and one.item.form is not None:
            online.setdefault(one.item.key, one)
    found = [_matter(version, online) for version in list_current(BUNDLE)]
    return sorted(found, key=lambda one: (one.bundle.order, one.bundle.key))


def _matter(version: ContentVersion, online: Mapping[str, Service]) -> Matter:
    bundle = cast(Bundle, declaration_of(version))
    services = {step.item: online[step.item] for step in bundle.steps if step.item in online}
    return Matter(bundle, version.number, services)


def get_matter(key: str) -> Matter:
    """Return a bundle in force; raises :class:`NoSuchService`."""
    found = next((one for one in list_matters() if one.bundle.key == key), None)
    if found is None:
        raise NoSuchService
    return found


def bundle_of(case: Case) -> Bundle:
    """Return the bundle of a whole matter's case, in the version to which it is pinned."""
    key, _at, number = str(case.data.get(BUNDLE, "")).partition("@")
    return cast(
        Bundle, declaration_of(ContentVersion.objects.get(kind=BUNDLE, key=key, number=number))
    )


def get_matter_case_for(actor: Actor, ref: str) -> Case:
    """Return the case of a whole matter that the actor may see; raises :class:`ApplicationMissing`."""
    found = Case.objects.filter(readable(actor), ref=ref, matter_steps__position=0)
    case = found.select_related("version", "holder", "subject").first()
    if case is None:
        raise ApplicationMissing
    return case


def list_matter_cases_for(actor: Actor) -> QuerySet[Case]:
    """Return the whole matters of the actor's own enterprise, or its own as a person, newest first."""
    if actor.is_official or (actor.subject_id is None and actor.person_id is None):
        return Case.objects.none()
    own = Q(subject_id=actor.subject_id)
    if actor.subject_id is None:
        own = Q(participants__person_id=actor.person_id)
    found = Case.objects.filter(own, matter_steps__position=0)
    return found.select_related("version", "holder").order_by("-pk")


State = Literal["ready", "waiting", "running", "done", "failed", "not_begun"]


@dataclass(frozen=True)
class Standing:
    """How one step of a matter stands; ``because`` are the steps on which it waits or foundered."""

    row: MatterStep
    service: Service
    state: State
    case: Case | None = None
    because: "tuple[Standing, ...]" = ()

    @property
    def ended(self) -> str:
        """The state of its case, in the reader's language; empty where it has none."""
        if self.case is None:
            return ""
        return label(procedure_of(self.case.version).state_by_key[self.case.state])

    @property
    def name(self) -> str:
        """The name of its item, in the reader's language."""
        return local(self.service.item, "name")


def standings_of(parent: Case) -> list[Standing]:
    """Return how the steps of a matter stand now, in order: worked out from their cases alone."""
    rows = MatterStep.objects.filter(parent=parent).select_related(
        "version__implementation__organ", "version__item", "submission__form"
    )
    cases = {one.origin: one for one in parent.children.select_related("version", "holder")}
    licensed = _licensed(cases.values())
    bundle, found = bundle_of(parent), dict[str, Standing]()
    for row in rows.order_by("position"):
        case, service = cases.get(origin_of(parent, row.item)), service_of(row.version)
        if case is not None:
            state = state_of_step(case, licensed=case.ref in licensed)
            found[row.item] = Standing(row, service, state, case)
            continue
        before = [found[one] for one in bundle.step_by_item[row.item].after if one in found]
        found[row.item] = _not_begun(row, service, before)
    return list(found.values())


def _not_begun(row: MatterStep, service: Service, before: Sequence[Standing]) -> Standing:
    lost = tuple(one for one in before if one.state in ("failed", "not_begun"))
    if lost:
        return Standing(row, service, "not_begun", because=lost)
    waits = tuple(one for one in before if one.state != "done")
    return Standing(row, service, "waiting" if waits else "ready", because=waits)


def _licensed(cases: Iterable[Case]) -> frozenset[str]:
    origins = [f"case:{case.ref}" for case in cases]
    held = Licence.objects.filter(origin__in=origins).values_list("origin", flat=True)
    return frozenset(one.removeprefix("case:") for one in held)


def state_of_step(case: Case, *, licensed: bool) -> State:
    """Return how a step that has begun stands: done once it ended well, or its licence is issued."""
    if case.closed_at is None:
        return "done" if licensed else "running"
    tone = procedure_of(case.version).state_by_key[case.state].tone
    return "done" if tone == "good" else "failed"


def origin_of(parent: Case, item: str) -> str:
    """Return what a step's case says that it came from."""
    return f"services.step:{parent.ref}:{item}"


def recorded_not_begun(parent: Case) -> frozenset[str]:
    """Return the steps of which the matter's events say that they were not begun."""
    events = parent.events.filter(action=NOT_BEGUN).values_list("fields", flat=True)
    return frozenset(str(one.get("step", "")) for one in events)
