"""A handful of enterprises whose facts the demonstration shows; a command makes up thousands more."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from yingshang.facts.actions.claims import claim_value
from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.actions.reading import log_run, read_profile
from yingshang.facts.actions.recording import (
    Given,
    correct_value,
    record_values,
    state_completeness,
)
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.declaring import Absence
from yingshang.facts.permissions import RECORD
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Organ, Subject

FIRMS = 5
WAN = 10_000 * 100
"""Ten thousand yuan (万元) in fen."""


@demo_builder("facts", order=70)
def build() -> None:
    """Record facts of five enterprises (one code wrongly), a dispute, a correction, readings."""
    catalogue, firms = current_catalogue(), list(Subject.objects.order_by("pk")[:FIRMS])
    _state_completeness(catalogue)
    by_source: dict[str, list[Given]] = {}
    for number, firm in enumerate(firms):
        for given in _facts_of(firm, number):
            by_source.setdefault(catalogue.types[given.key].source, []).append(given)
    for source, values in sorted(by_source.items()):
        record_values(_owner(catalogue, source), source=source, values=tuple(values))
    _let_people_act(catalogue, firms[0])


@demo_builder("made-up-enterprises", order=900, later=True)
def build_later() -> None:
    """Let the worker load thousands of made-up enterprises, once the first page is there."""
    from yingshang.facts.tasks import load_demonstration

    load_demonstration.enqueue()


def _owner(catalogue: Catalogue, source: str) -> Actor:
    """Return whoever hands in a source's data for its owner organ."""
    organ = Organ.objects.get(key=catalogue.owner_of(source))
    return replace(system_actor("demo", RECORD), organ_id=organ.pk)


def _facts_of(firm: Subject, number: int) -> list[Given]:
    year, staff = today().year, 130 + 37 * number
    founded = date(2009 + number, 3, 12)

    def given(key: str, content: Any, **more: Any) -> Given:
        return Given(subject=firm.ref, key=f"enterprise.{key}", content=content, **more)

    facts = [
        given("name", firm.name, valid_from=founded),
        given("type", ("llc", "llc", "llc-single", "jsc", "llc")[number], valid_from=founded),
        given("status", "active", valid_from=founded),
        given("division", firm.division, valid_from=founded),
        given("founded_on", founded.isoformat(), valid_from=founded),
        given("industry", ("C3421", "C2770", "I6513", "5990", "C1461")[number], valid_from=founded),
        given("address", f"清江区创新路 {10 + number} 号", valid_from=founded),
        given("registered_capital", (500 + 300 * number) * WAN, valid_from=founded),
        given("employees", staff, valid_from=date(year, 1, 1)),
        given("insured_staff", staff - 8, valid_from=date(year, 1, 1)),
    ]
    for back in range(1, 4):
        grown = (3200 + 900 * number) * WAN * (100 + 9 * (4 - back)) // 100
        facts.append(given("revenue", grown, item=str(year - back)))
        facts.append(given("rd_spend", grown * (4 + number) // 100, item=str(year - back)))
    if number == 1:
        facts.append(_penalty(firm))
    return facts


def _penalty(firm: Subject) -> Given:
    day = today() - timedelta(days=200)
    content = {
        "number": f"清市监罚〔{day.year}〕18号",
        "domain": "market",
        "kind": "fine",
        "fine": 2 * WAN,
        "decided_on": day.isoformat(),
    }
    return Given(subject=firm.ref, key="enterprise.penalties", item="18", content=content)


def _state_completeness(catalogue: Catalogue) -> None:
    sources = {one.source for one in catalogue if isinstance(one.absence, Absence)}
    for source in sorted(source for source in sources if catalogue.owner_of(source)):
        state_completeness(_owner(catalogue, source), source=source, complete_to=today())


def _let_people_act(catalogue: Catalogue, firm: Subject) -> None:
    read_profile(demo_actor("plan"), subject=firm.ref, purpose="policy")
    log_run(
        replace(demo_actor("plan"), subject_id=None),
        subject_type="enterprise",
        subjects=Subject.objects.filter(type="enterprise").count(),
        keys=("enterprise.employees", "enterprise.industry"),
        purpose="policy",
    )
    record_evaluation(
        demo_actor("plan"),
        subject=firm.ref,
        policy={
            "id": "demo-jobs",
            "title": "稳岗用工奖励（演示）",
            "condition": "enterprise.employees >= 120 && enterprise.employees <= 300",
        },
        purpose="policy",
    )
    correct_value(
        _owner(catalogue, "statistics"),
        subject=firm.ref,
        key="enterprise.employees",
        content=118,
        reason="重复计入外包人员",
    )
    claim_value(
        demo_actor("legal"),
        subject=firm.ref,
        key="enterprise.address",
        content="清江区创新路 12 号",
        why="今年三月已迁址，营业执照已换发。",
    )
