"""Registers the kinds of content that make up the catalogue of services."""

from yingshang.domains.services.catalogue.declaring import (
    Implementation,
    LifeEvent,
    ServiceItem,
    ServiceQuestion,
)
from yingshang.domains.services.catalogue.installing import install_implementation, install_item
from yingshang.domains.services.catalogue.linting import (
    lint_implementation,
    lint_item,
    lint_life_event,
    lint_question,
)
from yingshang.domains.services.catalogue.names import IMPLEMENTATION, ITEM, LIFE_EVENT, QUESTION
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add(ITEM, Kind(ITEM, "service_items", ServiceItem, lint_item, install_item))
KINDS.add(
    IMPLEMENTATION,
    Kind(
        IMPLEMENTATION,
        "service_implementations",
        Implementation,
        lint_implementation,
        install_implementation,
        after=(ITEM, "organ"),
    ),
)
KINDS.add(LIFE_EVENT, Kind(LIFE_EVENT, "life_events", LifeEvent, lint_life_event))
KINDS.add(QUESTION, Kind(QUESTION, "service_questions", ServiceQuestion, lint_question))
