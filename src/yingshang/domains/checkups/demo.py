"""What the demonstration's first enterprise needs to see every part of a check-up: more of its facts."""

from dataclasses import replace
from datetime import date
from typing import Any

from yingshang.facts.actions.recording import Given, record_values
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.permissions import RECORD
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Organ, Subject

WAN = 1_000_000
"""Ten thousand yuan in fen."""


@demo_builder("checkups", order=72)
def build() -> None:
    """Let the sources tell more of the errand-runner's enterprise."""
    firm, catalogue = (
        Subject.objects.get(pk=demo_actor("handler").subject_id or 0),
        current_catalogue(),
    )
    by_source: dict[str, list[Given]] = {}
    for given in _facts(firm):
        declared = catalogue.types.get(given.key)
        if declared is not None and catalogue.owner_of(declared.source):
            by_source.setdefault(declared.source, []).append(given)
    for source, values in sorted(by_source.items()):
        record_values(_owner(catalogue.owner_of(source)), source=source, values=tuple(values))


def _owner(organ: str) -> Actor:
    found = Organ.objects.get(key=organ)
    return replace(system_actor("demo", RECORD), organ_id=found.pk)


def _facts(firm: Subject) -> list[Given]:
    year = today().year

    def given(key: str, content: Any, **more: Any) -> Given:
        return Given(subject=firm.ref, key=f"enterprise.{key}", content=content, **more)

    since = date(year, 1, 1)
    facts = [
        given("size", "small", valid_from=since),
        given("high_tech", True, valid_from=since),
        given("tech_sme", True, valid_from=since),
        given("customs_filed", True, valid_from=since),
        given("tax_credit_grade", "A", valid_from=since),
        given("invention_patents", 2, valid_from=since),
        given("utility_patents", 7, valid_from=since),
        given("rd_staff", 9, valid_from=since),
        given("bank_loans", 0, valid_from=since),
        given("listing", "none", valid_from=since),
        given("rents_premises", True, valid_from=since),
    ]
    for back, (exports, tax) in enumerate(((130, 210), (96, 180), (70, 150)), start=1):
        facts.append(given("exports", exports * WAN, item=str(year - back)))
        facts.append(given("tax_paid", tax * WAN, item=str(year - back)))
    return facts
