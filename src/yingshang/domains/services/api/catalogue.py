"""The catalogue: services with their guides, items, life events, and which of them apply. All of it is public."""

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.content.selectors import declaration_of, get_current
from yingshang.domains.services.catalogue.declaring import (
    Asked,
    Contact,
    Fee,
    LegalBasis,
    LifeEvent,
    QuestionAnswered,
    Remedies,
    ServiceItem,
    ServiceQuestion,
    Step,
    Term,
    Visits,
)
from yingshang.domains.services.catalogue.finding import what_applies
from yingshang.domains.services.catalogue.names import ITEM
from yingshang.domains.services.catalogue.presenting import conditions_of, local
from yingshang.domains.services.catalogue.proposing import propose_change
from yingshang.domains.services.catalogue.reading import (
    Service,
    get_service,
    list_bundles_of,
    list_items,
    list_life_events,
    list_questions,
    list_services,
    list_versions_for,
)
from yingshang.domains.services.catalogue.searching import SERVICE
from yingshang.domains.services.models import ImplementationVersion
from yingshang.domains.services.permissions import READ_CATALOGUE
from yingshang.parties.actors import Actor
from yingshang.search.finding import search_for
from yingshang.web.access import Anyone, Needs
from yingshang.web.operations import Answer, Listed, Paged, Sent, listed, read, write

CATALOGUE = _("办事目录")
MOST_HITS = 50
Key = Annotated[str, Field(max_length=80)]


class ServiceQuery(Sent):
    """What the list of services is narrowed to; ``q`` are words as in the portal's search."""

    q: Annotated[str, Field(max_length=60)] = ""
    item: Key = ""
    organ: Key = ""


class ServiceLine(Answer):
    """A service as one organ provides it; organs are named by key."""

    key: str
    item: str
    name: str
    organ: str
    organ_name: str
    depth: str
    online: bool
    promised_limit: Term
    visits: int
    version: int


class ServiceRead(ServiceLine):
    """The guide of a service, in the elements of GB/T 39554."""

    code: str
    type: str
    level: str
    audience: str
    about: str
    legal_basis: tuple[LegalBasis, ...]
    conditions: tuple[str, ...]
    materials: tuple[Asked, ...]
    statutory_limit: Term
    visit_grounds: Visits
    fees: tuple[Fee, ...]
    steps: tuple[Step, ...]
    questions: tuple[QuestionAnswered, ...]
    contact: Contact
    remedies: Remedies
    result: str | None
    form: str | None
    procedure: str | None
    commitment: bool
    instant: bool


class LifeEventRead(Answer):
    """A moment in an enterprise's life, with its items in order and its bundles."""

    key: str
    label: str
    about: str
    items: tuple[str, ...]
    bundles: list[str]


class QuestionRead(Answer):
    """A question that helps to find what applies; ``answers`` are the keys that may be given."""

    key: str
    label: str
    help: str
    answers: dict[str, str]


class AnswersQuery(Sent):
    """Answers given so far, each as ``question:answer``."""

    answer: Annotated[
        tuple[Annotated[str, Field(max_length=160, pattern=r"^[a-z0-9_]+:.+$")], ...],
        Field(max_length=100),
    ] = ()


class AppliesRead(Answer):
    """Which items are needed, which are still open, what to ask next, and how many questions are left."""

    needed: list[str]
    open: list[str]
    asks: str | None
    left: int


class VersionRead(Answer):
    """One version of how an organ provides a service."""

    ref: str
    number: int
    state: str
    valid_from: str
    valid_to: str | None


def _line(one: Service) -> dict[str, Any]:
    return {
        "key": one.key,
        "item": one.item.key,
        "name": local(one.item, "name"),
        "organ": one.organ.key,
        "organ_name": one.organ.name,
        "depth": one.elements.depth,
        "online": one.is_online,
        "promised_limit": one.elements.promised_limit,
        "visits": one.elements.visits.n,
        "version": one.version.number,
    }


def _guide(one: Service) -> ServiceRead:
    item, elements = one.item, one.elements
    return ServiceRead(
        **_line(one),
        code=item.code,
        type=item.type,
        level=elements.level,
        audience=item.audience,
        about=local(item, "about"),
        legal_basis=item.legal_basis,
        conditions=conditions_of(item),
        materials=one.materials,
        statutory_limit=item.statutory_limit,
        visit_grounds=elements.visits,
        fees=elements.fees,
        steps=item.steps,
        questions=item.questions,
        contact=elements.contact,
        remedies=elements.remedies,
        result=item.result,
        form=item.form,
        procedure=item.procedure,
        commitment=item.commitment is not None,
        instant=item.instant is not None,
    )


@read(
    "services",
    name="services.list",
    access=Anyone(),
    tag=CATALOGUE,
    summary=_("办事服务：按词、事项、单位查找"),
)
def services(actor: Actor, query: ServiceQuery) -> list[ServiceLine]:
    """List the services in force; with words, those that are found, best first."""
    every = {one.key: one for one in list_services()}
    found = list(every.values())
    if query.q:
        hits = search_for(actor, query.q, (SERVICE,), limit=MOST_HITS).hits
        found = [every[hit.ref] for hit in hits if hit.ref in every]
    return [
        ServiceLine(**_line(one))
        for one in found
        if query.item in ("", one.item.key) and query.organ in ("", one.organ.key)
    ]


@read(
    "services/<str:service>",
    name="services.get",
    access=Anyone(),
    tag=CATALOGUE,
    summary=_("办事指南"),
)
def one_service(_actor: Actor, service: str) -> ServiceRead:
    """Show the guide of a service in force."""
    return _guide(get_service(service))


@read("items", name="items.list", access=Anyone(), tag=CATALOGUE, summary=_("基本目录"))
def items(_actor: Actor) -> list[ServiceItem]:
    """List the items of the basic catalogue, by code."""
    return list_items()


@read("items/<str:item>", name="items.get", access=Anyone(), tag=CATALOGUE, summary=_("一个事项"))
def one_item(_actor: Actor, item: str) -> ServiceItem:
    """Show an item of the basic catalogue as it is declared."""
    found = declaration_of(get_current(ITEM, item))
    assert isinstance(found, ServiceItem)
    return found


@read("life-events", name="life_events.list", access=Anyone(), tag=CATALOGUE, summary=_("办事主题"))
def life_events(_actor: Actor) -> list[LifeEventRead]:
    """List the life events, in order."""
    return [_event(one) for one in list_life_events()]


def _event(one: LifeEvent) -> LifeEventRead:
    return LifeEventRead(
        key=one.key,
        label=local(one, "label"),
        about=local(one, "about"),
        items=one.items,
        bundles=[key for key, _name in list_bundles_of(one.key)],
    )


@read(
    "questions",
    name="questions.list",
    access=Anyone(),
    tag=CATALOGUE,
    summary=_("“我要办哪些事”的问题"),
)
def questions(_actor: Actor) -> list[QuestionRead]:
    """List the questions by which somebody finds what applies, in order."""
    return [_question(one) for one in list_questions()]


def _question(one: ServiceQuestion) -> QuestionRead:
    choices = {choice.key: local(choice, "label") for choice in one.choices}
    return QuestionRead(
        key=one.key,
        label=local(one, "label"),
        help=local(one, "help"),
        answers=choices or {"yes": "yes", "no": "no"},
    )


@read(
    "applicable-services",
    name="services.which",
    access=Anyone(),
    tag=CATALOGUE,
    summary=_("按已答的问题，列出需要办的事项"),
)
def which(actor: Actor, query: AnswersQuery) -> AppliesRead:
    """Tell which items apply by the answers, and by the facts of the actor's own enterprise."""
    given = dict(answer.split(":", 1) for answer in query.answer)
    known = {one.item.key: one.item for one in list_services()}
    found = what_applies(actor, known.values(), list_questions(), given)
    return AppliesRead(
        needed=sorted(found.needed),
        open=sorted(found.open_items),
        asks=found.asking.key if found.asking else None,
        left=found.left,
    )


@read(
    "services/<str:service>/versions",
    name="services.versions",
    access=Needs(READ_CATALOGUE),
    tag=CATALOGUE,
    summary=_("服务的各版本"),
)
def versions(actor: Actor, service: str, query: Paged) -> Listed[VersionRead]:
    """List every version of how an organ provides a service, newest first."""
    found = list_versions_for(actor, service)
    return listed(found, ("-number",), query, lambda one: version_of(actor, one))


def version_of(_actor: Actor, one: ImplementationVersion) -> VersionRead:
    """Return a version."""
    return VersionRead(
        ref=one.ref,
        number=one.number,
        state=one.state,
        valid_from=one.valid_from.isoformat(),
        valid_to=one.valid_to.isoformat() if one.valid_to else None,
    )


write(
    "POST",
    "services/<str:implementation>/changes",
    propose_change,
    tag=CATALOGUE,
    summary=_("提出调整实施清单"),
    show=version_of,
    status=201,
)
