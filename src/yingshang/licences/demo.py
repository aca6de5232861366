"""The demonstration's licences and documents: made-up firms, seals that say they are a demonstration's."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from yingshang.kernel.times import today
from yingshang.licences.actions.copies import make_copy
from yingshang.licences.actions.documents import issue_decision
from yingshang.licences.actions.licences import change, issue, suspend
from yingshang.licences.actions.seals import register_seal
from yingshang.licences.actions.servings import agree_to_electronic_service, serve
from yingshang.licences.models import (
    Decision,
    Licence,
    LicenceCopy,
    Seal,
    SealKind,
    Serving,
    ServingMeans,
)
from yingshang.licences.permissions import DECIDE, ISSUE, MANAGE, MANAGE_SEALS, READ, SERVE
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Mandate, Organ, Subject
from yingshang.web.examples import example

APPROVAL, MARKET, HEALTH = "qj-approval", "qj-market", "qj-health"


@demo_builder("licences", order=80)
def build() -> None:
    """Register seals, issue licences in several states, make documents, serve and copy some."""
    staffed = Mandate.objects.exclude(organ=None).values_list("organ__key", flat=True)
    for key in sorted({APPROVAL, MARKET, HEALTH, *staffed}):
        keeper = _of(key, MANAGE_SEALS)
        for kind in SealKind:
            register_seal(
                keeper,
                organ=key,
                kind=kind,
                custodian="宋佳" if key == MARKET else "办公室",
                valid_from=date(today().year - 1, 1, 1),
                valid_to=date(today().year + 3, 12, 31),
            )
    first, second = Subject.objects.order_by("pk")[:2]
    caterer = Subject.objects.filter(name__contains="餐饮").order_by("pk")[0]
    _issue_licences(first, caterer)
    _make_documents(first, second)
    food = Licence.objects.filter(kind="food-business-licence", subject=first).earliest("pk")
    make_copy(
        demo_actor("legal"),
        licence=food.ref,
        purpose="食堂承包招标",
        recipient="某招标代理公司",
        expires_on=today() + timedelta(days=90),
    )


def _of(key: str, *permissions: str) -> Actor:
    """Return whoever acts for an organ that has no such person in the demonstration."""
    organ = Organ.objects.get(key=key)
    return replace(system_actor("demo", *permissions), organ_id=organ.pk, name=organ.short_name)


@dataclass(frozen=True)
class Firm:
    """What the licences of one made-up firm say of it."""

    subject: Subject
    legal_representative: str
    address: str
    scope: str
    founded_on: str
    capital: int
    """In units of ten thousand yuan."""
    category: str
    category_name: str


def _issue_licences(first: Subject, caterer: Subject) -> None:
    """Give the first firm, a maker of software, what it needs with its canteen; the caterer all it needs."""
    approver = demo_actor("approver")
    software = Firm(
        first,
        "林晓峰",
        "云州市清江区创新路 10 号",
        "软件开发；软件销售；信息系统集成服务；餐饮服务（仅限内部食堂）。",
        "2009-03-12",
        500,
        "3",
        "集中用餐单位食堂",
    )
    restaurant = Firm(
        caterer,
        "沈佳宁",
        "云州市清江区江滨路 3 号",
        "餐饮服务；食品销售；餐饮管理；酒店管理。",
        "2010-03-12",
        800,
        "2",
        "餐饮服务经营者",
    )
    for firm in (software, restaurant):
        _register(approver, firm)
        _permit_food(approver, firm)
    _change_one(approver, first)
    _permit_and_suspend_hygiene(restaurant)
    _give(
        approver,
        APPROVAL,
        "industry-comprehensive-permit",
        restaurant,
        industry="餐饮业（中型饭店）",
        place=restaurant.address,
        permits=["食品经营许可", "户外招牌设置备案", "公众聚集场所消防安全检查"],
    )


def _give(actor: Actor, organ: str, kind: str, firm: Firm, **fields: Any) -> Licence:
    fields["legal_representative"] = firm.legal_representative
    return issue(actor, kind=kind, subject=firm.subject.ref, issuer=organ, fields=fields)


def _register(approver: Actor, firm: Firm) -> None:
    _give(
        approver,
        APPROVAL,
        "business-licence",
        firm,
        company_type="有限责任公司",
        registered_capital=firm.capital * 10_000 * 100,
        founded_on=firm.founded_on,
        address=firm.address,
        scope=firm.scope,
    )


def _permit_food(approver: Actor, firm: Firm) -> None:
    _give(
        approver,
        APPROVAL,
        "food-business-licence",
        firm,
        category=firm.category,
        category_name=firm.category_name,
        address=firm.address,
        place=f"{firm.address}一层",
        items=["热食类食品制售", "冷食类食品制售", "自制饮品制售"],
        supervisor="清江区市场监督管理局柳岸所",
    )


def _permit_and_suspend_hygiene(firm: Firm) -> None:
    health = _of(HEALTH, ISSUE, READ, MANAGE)
    hygiene = _give(
        health,
        HEALTH,
        "public-place-hygiene-permit",
        firm,
        place=firm.address,
        items=["宾馆", "理发店"],
        area="860 平方米",
    )
    ground = "卫生监督抽检不合格，责令限期整改（公共场所卫生管理条例第十四条）"
    suspend(health, licence=hygiene.ref, ground=ground)


def _change_one(approver: Actor, firm: Subject) -> None:
    licence = Licence.objects.filter(kind="business-licence", subject=firm).earliest("pk")
    change(
        approver,
        licence=licence.ref,
        fields={"other_addresses": ["云州市清江区柳岸街 21 号"]},
        ground="增加经营场所（一照多址）",
    )


def _make_documents(first: Subject, second: Subject) -> None:
    approver = _of(APPROVAL, DECIDE, READ, SERVE)
    day = today().isoformat()
    given = {
        "matter": "食品经营许可（新办，集中用餐单位食堂）",
        "case_no": "QJ-DEMO-0001",
        "applied_on": day,
    }

    def decide(template: str, subject: Subject, **fields: Any) -> Decision:
        return issue_decision(
            approver,
            organ=APPROVAL,
            template=template,
            subject=subject.ref,
            fields={**given, **fields},
        )

    notice = decide(
        "acceptance-notice",
        first,
        statutory_limit="20个工作日",
        promised_limit="5个工作日",
        materials=["食品经营许可申请书", "经营场所平面图", "食品安全管理制度目录"],
    )
    missing = ["经营场所平面图没有标明专间位置", "食品安全管理人员没有签名"]
    correction = decide("correction-notice", second, missing=missing)
    permit = decide(
        "permit-decision",
        first,
        content="准予从事餐饮服务经营，经营项目为热食类、冷食类食品制售和自制饮品制售。",
        licence_name="食品经营许可证",
        ground="《中华人民共和国食品安全法》第三十五条",
    )
    agree_to_electronic_service(demo_actor("legal"), contact="13800000000")
    for document in (notice, permit):
        serve(approver, document=document.holder, means=ServingMeans.ELECTRONIC)
    serve(
        approver,
        document=correction.holder,
        means=ServingMeans.POST,
        tracking="EMS 1029384756",
    )


def _first_licence() -> dict[str, str]:
    legal = demo_actor("legal")
    own = Licence.objects.filter(subject=legal.subject_id, kind="food-business-licence")
    return {"ref": own.earliest("pk").ref}


def _first_copy() -> dict[str, str]:
    return {"ref": LicenceCopy.objects.order_by("pk")[0].ref}


def _served() -> dict[str, str]:
    return {"ref": Serving.objects.filter(means="electronic").order_by("pk")[0].ref}


def _posted() -> dict[str, str]:
    return {"ref": Serving.objects.filter(means="post").order_by("pk")[0].ref}


def _decision() -> dict[str, str]:
    return {"ref": Decision.objects.order_by("pk")[0].ref}


def _seal() -> dict[str, str]:
    return {"ref": Seal.objects.filter(organ__key=MARKET).order_by("pk")[0].ref}


for _name in ("my-licence", "make-licence-copy", "my-licence-record", "my-licence-file"):
    example(f"portal:{_name}", _first_licence, visitor="legal")
example("portal:licence-copy-file", _first_copy, visitor="legal")
for _name in ("my-document", "my-document-file"):
    example(f"portal:{_name}", _served, visitor="legal")
for _name in ("licence", "licence-file"):
    example(f"desk:{_name}", _first_licence, visitor="approver")
example("desk:licence-event", lambda: {**_first_licence(), "event": "suspend"}, visitor="approver")
for _name in ("decision", "decision-file"):
    example(f"desk:{_name}", _decision, visitor="approver")
example("desk:serve", lambda: {"sort": "decision", **_decision()}, visitor="approver")
for _name in ("serving", "serving-receipt", "serving-failure"):
    example(f"desk:{_name}", _posted, visitor="approver")
example("desk:seal", _seal, visitor="bureauadmin")
example("desk:change-seal", lambda: {**_seal(), "change": "suspend"}, visitor="bureauadmin")


def _licence_of_another_firm() -> dict[str, str]:
    legal = demo_actor("legal")
    others = Licence.objects.filter(issuer__key=HEALTH).exclude(subject=legal.subject_id)
    return {"ref": others.get().ref}


for _page in ("portal:my-licence", "portal:my-licence-file", "desk:licence", "desk:licence-file"):
    example(f"{_page}#other", _licence_of_another_firm)
