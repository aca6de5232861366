"""Saying a service's elements in the reader's language."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.labels import english
from yingshang.content.models import ContentVersion
from yingshang.domains.services.catalogue.declaring import Fee, ServiceItem, Term, Visits
from yingshang.domains.services.catalogue.reading import Service
from yingshang.kernel.money import format_fen

TYPES = {
    "permit": _("行政许可"),
    "confirmation": _("行政确认"),
    "payment": _("行政给付"),
    "reward": _("行政奖励"),
    "ruling": _("行政裁决"),
    "registration": _("行政登记"),
    "other_power": _("其他行政权力"),
    "public": _("公共服务"),
}
LEVELS = {
    "province": _("省级"),
    "city": _("市级"),
    "district": _("区级"),
    "street": _("街镇级"),
}
AUDIENCES = {"enterprise": _("企业"), "person": _("个人"), "both": _("企业和个人")}
DEPTHS = {
    "consult": _("网上咨询"),
    "prefill": _("网上预审"),
    "accept": _("网上受理"),
    "decide": _("网上办结"),
    "whole": _("全程网办"),
}
ELEMENTS = {
    "promised_limit": _("承诺时限"),
    "visits": _("到现场次数"),
    "fees": _("收费"),
    "depth": _("网办深度"),
    "materials": _("申请材料"),
    "quantity": _("数量限制"),
    "contact": _("办理地点和电话"),
    "valid_from": _("生效日期"),
    "valid_to": _("终止日期"),
    "differs": _("差异说明"),
}


def local(part: Any, name: str) -> str:
    """Return ``part.name`` or its English, where there is any, in the reader's language."""
    other = getattr(part, f"{name}_en", "")
    return other if english() and other else getattr(part, name)


def term_text(term: Term) -> str:
    """Say a time limit."""
    if term.kind == "at_once":
        return gettext("即时办结")
    texts = {
        "working": ngettext("%(n)s 个工作日", "%(n)s 个工作日", term.n),
        "calendar": ngettext("%(n)s 日", "%(n)s 日", term.n),
        "month": ngettext("%(n)s 个月", "%(n)s 个月", term.n),
        "hour": ngettext("%(n)s 小时", "%(n)s 小时", term.n),
    }
    return texts[term.kind] % {"n": term.n}


def visits_text(visits: Visits) -> str:
    """Say how often one must come."""
    if not visits.n:
        return gettext("不用到现场")
    return ngettext("到现场 %(n)s 次", "到现场 %(n)s 次", visits.n) % {"n": visits.n}


def fee_text(fee: Fee) -> str:
    """Say one fee."""
    amount = format_fen(fee.fen) + gettext("元") if fee.fen is not None else fee.standard
    return f"{local(fee, 'name')}：{amount}"


@dataclass(frozen=True)
class MaterialLine:
    """A material of a guide: its name, whether it may follow after acceptance, when it is needed."""

    key: str
    name: str
    may_follow: bool
    only_if: str


def material_lines(service: Service) -> list[MaterialLine]:
    """Return the materials of a service with their names."""
    keys = [asked.material for asked in service.materials]
    found = ContentVersion.objects.filter(kind="material", key__in=keys, is_current=True)
    bodies = {version.key: version.body for version in found}
    return [
        MaterialLine(
            asked.material,
            _material_name(bodies.get(asked.material, {}), asked.material),
            asked.may_follow,
            asked.when,
        )
        for asked in service.materials
    ]


def _material_name(body: dict[str, Any], key: str) -> str:
    name = body.get("label_en") if english() else body.get("label")
    return str(name or key)


def conditions_of(item: ServiceItem) -> tuple[str, ...]:
    """Return the conditions of acceptance in the reader's language."""
    return item.conditions_en if english() and item.conditions_en else item.conditions


@dataclass(frozen=True)
class ServiceLine:
    """A service in a list: enough to choose by."""

    service: Service
    name: str
    organ: str
    depth: str
    limit: str
    visits: str


def line_of(service: Service) -> ServiceLine:
    """Return a service as lists show it."""
    organ = service.organ
    return ServiceLine(
        service,
        local(service.item, "name"),
        organ.name_en if english() and organ.name_en else organ.name,
        str(DEPTHS[service.elements.depth]),
        term_text(service.elements.promised_limit),
        visits_text(service.elements.visits),
    )


def element_text(service: Service, element: str) -> str:
    """Say one element, to compare it with others'."""
    one = service.elements
    if element == "promised_limit":
        return term_text(one.promised_limit)
    if element == "visits":
        return visits_text(one.visits)
    if element == "fees":
        return "；".join(map(fee_text, one.fees)) or gettext("不收费")
    if element == "depth":
        return str(DEPTHS[one.depth])
    if element == "materials":
        return "；".join(line.name for line in material_lines(service)) or gettext("不需要材料")
    if element == "contact":
        return f"{local(one.contact, 'place')}，{one.contact.phone}"
    value = getattr(one, element)
    return str(value) if value else "—"
