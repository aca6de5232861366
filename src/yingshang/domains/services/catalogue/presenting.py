"""Saying a service's elements in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.labels import english
from yingshang.cases.log import procedure_of
from yingshang.cases.procedure import FixedLimit, Procedure
from yingshang.cases.wording import limit_text
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, get_current
from yingshang.domains.services.catalogue.declaring import (
    Commitment,
    Fee,
    Instant,
    ServiceItem,
    Term,
    Visits,
)
from yingshang.domains.services.catalogue.names import POST_CHECK
from yingshang.domains.services.catalogue.reading import Service
from yingshang.forms.book import current_form
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.definition import Material, MaterialAsked
from yingshang.forms.wording import say_condition
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
    """A material of a guide: its name, how it comes, whether it may follow (容缺), when it is needed."""

    key: str
    name: str
    how: str
    may_follow: str
    only_if: str


def material_lines(service: Service) -> list[MaterialLine]:
    """Return the materials of a service: those that its form asks for, else those that are listed.

    What the applicant hands in later on, once the procedure has come so far, follows them.
    """
    if service.item.form is not None and service.is_online:
        procedure = procedure_of(get_current("procedure", str(service.item.procedure)))
        asked = _asked_in_form(current_form(service.item.form))
        return [*asked, *papers_on_the_way(procedure)]
    keys = [asked.material for asked in service.materials]
    found = ContentVersion.objects.filter(kind="material", key__in=keys, is_current=True)
    declared = {one.key: cast(Material, declaration_of(one)) for one in found}
    return [
        _line(declared[one.material], one.when, gettext("可容缺后补") if one.may_follow else "")
        for one in service.materials
        if one.material in declared
    ]


def papers_on_the_way(procedure: Procedure) -> Iterator[MaterialLine]:
    """Yield the papers that the applicant hands in after the application, each with the step."""
    for action in procedure.actions:
        by_applicant = any(one.relation in ("subject", "named") for one in action.by)
        for taken in action.takes if by_applicant else ():
            field = procedure.field_by_key[taken.field]
            if field.type == "file" and taken.required:
                how = gettext("办理过程中提交：%(step)s") % {"step": local(action, "label")}
                yield MaterialLine(field.key, local(field, "label"), how, "", "")


def _asked_in_form(form: CompiledForm) -> Iterator[MaterialLine]:
    files = [
        (
            MaterialAsked(
                material=one.asked.declared.material, required=one.asked.declared.required
            ),
            one.when,
        )
        for one in form.fields()
        if one.asked.type == "file"
    ]
    for asked, when in (*form.asked_materials, *files):
        material = form.materials.get(asked.material)
        if material is None:
            continue
        may_follow = ""
        if material.deferrable:
            days = {"days": material.deferred_days}
            may_follow = gettext("可容缺，受理后 %(days)s 日内补交") % days
        elif asked.required == "soft":
            may_follow = gettext("没有的可以说明理由")
        yield _line(material, say_condition(form, when) if when else "", may_follow)


def _line(material: Material, only_if: str, may_follow: str) -> MaterialLine:
    name = local(material, "label")
    return MaterialLine(material.key, name, _how(material), may_follow, only_if)


def _how(material: Material) -> str:
    """Say what an applicant has to do for a material."""
    if material.source == "fact":
        return gettext("由平台核验，不用提交")
    if material.source == "licence":
        return gettext("平台已有证照的，直接选用，不用上传")
    formats = "、".join(one.upper() for one in material.formats)
    if material.source == "outside":
        return gettext("由%(body)s出具，上传 %(formats)s") % {
            "body": material.body,
            "formats": formats,
        }
    return gettext("上传 %(formats)s") % {"formats": formats}


@dataclass(frozen=True)
class Ways:
    """How else than the ordinary way a service may be decided: by commitment, or at once by rules."""

    commitment: Commitment | None
    check_within: str
    instant: tuple[str, ...]


def ways_of(item: ServiceItem) -> Ways:
    """Return the ways of a service; the check of a commitment has the limit of its procedure."""
    within = ""
    if item.commitment is not None:
        procedure = procedure_of(get_current("procedure", item.commitment.procedure))
        clock = procedure.clock_by_key.get(POST_CHECK)
        if clock is not None and isinstance(clock.limit, FixedLimit):
            within = limit_text({"n": clock.limit.n, "kind": clock.limit.kind})
    return Ways(item.commitment, within, _labels_of(item.instant))


def _labels_of(instant: Instant | None) -> tuple[str, ...]:
    """Return the conditions of a decision by rules as the item names them, where it does."""
    if instant is None or not isinstance(instant.condition, Mapping):
        return ()
    parts = instant.condition.get("all", ())
    return tuple(str(one["label"]) for one in parts if isinstance(one, Mapping) and "label" in one)


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
