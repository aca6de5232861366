"""Issuing licences, and setting and sealing their files, in one process."""

from typing import Any

from benchmarks import Measured, benchmark
from benchmarks._database import make_database
from benchmarks.timing import median_seconds

ISSUED = 50
MADE = 20
ISSUE_LIMIT = 0.25
FILE_LIMIT = 1.0

FIELDS = {
    "category": "2",
    "category_name": "餐饮服务经营者",
    "legal_representative": "林晓峰",
    "address": "某区创新路 10 号",
    "place": "某区江滨路 3 号一层",
    "items": ["热食类食品制售", "冷食类食品制售"],
}


@benchmark("licences.files")
def files() -> list[Measured]:
    """Issue licences in a transaction that is undone, and set and seal their files meanwhile."""
    make_database()
    from django.db import transaction

    from yingshang.content.actions import load_packs
    from yingshang.content.permissions import LOAD
    from yingshang.parties.actors import system_actor

    load_packs(system_actor("benchmark", LOAD), names=("government-services",))
    with transaction.atomic():
        figures = _measure(*_stage())
        transaction.set_rollback(True)
    return figures


def _stage() -> tuple[Any, Any, Any]:
    """Return an official, the organ with its seal, and a firm."""
    from dataclasses import replace

    from yingshang.licences.actions.seals import register_seal
    from yingshang.licences.permissions import MANAGE_SEALS
    from yingshang.parties.actors import system_actor
    from yingshang.parties.models import Organ, Subject

    organ = Organ.objects.create(
        key="bench-licences", name="某市某区市场监督管理局", type="department", division="990101"
    )
    actor = replace(system_actor("benchmark", MANAGE_SEALS), organ_id=organ.pk)
    register_seal(actor, organ=organ.key, kind="licence", custodian="某人")
    firm = Subject.objects.create(
        type="enterprise", name="某某餐饮管理有限公司", code="91350100M000100Y43"
    )
    return actor, organ, firm


def _measure(actor: Any, organ: Any, firm: Any) -> list[Measured]:
    from yingshang.licences.issuing import issue
    from yingshang.licences.models import Licence, Rendition
    from yingshang.licences.rendering import render
    from yingshang.licences.renditions import make

    def issue_some() -> None:
        for _turn in range(ISSUED):
            issue(actor, kind="food-business-licence", subject=firm, issuer=organ, fields=FIELDS)

    issued = median_seconds(issue_some) / ISSUED
    document = Licence.objects.order_by("-pk")[0].present.holder
    rendition = Rendition.objects.get(document=document)
    make(rendition)  # typst, the fonts and the picture of the seal are loaded once in a process
    both = median_seconds(lambda: [make(rendition) for _turn in range(MADE)]) / MADE
    paper = make(rendition).paper
    alone = median_seconds(lambda: [render(paper) for _turn in range(MADE)]) / MADE
    return [
        Measured(
            "issue one licence with number, signed record, event and ledger",
            issued,
            limit=ISSUE_LIMIT,
        ),
        Measured(
            f"set and seal one licence (PDF, {1 / both:.0f} per second)", both, limit=FILE_LIMIT
        ),
        Measured("of that, setting it without a seal", alone, limit=FILE_LIMIT),
    ]
