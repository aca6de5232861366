"""A small district for the tests of plans: organs, people who may do what, and two plans."""

from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.actions.imports import confirm_import, start_import
from yingshang.domains.plans.models import PlanDocument
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Organ, OrganAlias

HOME = "990101"
OTHER = "990102"

OFFICE: Actor = system_actor(
    "plan-office",
    p.READ,
    p.IMPORT,
    p.CONFIRM,
    p.PUBLISH,
    p.RESOLVE_UNITS,
    p.DECIDE_TARGETS,
    p.COMPARE,
)
READER = system_actor("reader", p.READ)
NOBODY = system_actor("nobody")

PLAN_2025 = """某区2025年优化营商环境行动方案
一、政务环境
(一)便捷办事。提升服务。具体措施:
1.推行企业开办一窗通办，办理时限由5个工作日缩短至1个工作日。公布办事清单。(责任单位:区市场监管局、区税务局)
2.全年新增“一件事”主题服务不少于10项，线上办理率达到90%。(责任单位:区政务服务局)
3.在各街道设立企业服务站点，全年走访企业500家。(责任单位:各街道、园区)
二、法治环境
(二)公正监管。规范检查。具体措施:
4.推行跨部门联合检查，减少现场检查次数30%。(责任单位:区市场监管局、区城管局)
5.畅通信用修复渠道，实现信用修复一网申请。(责任单位:区发展改革委)
"""
PLAN_2025_REVISED = """某区2025年优化营商环境行动方案
一、政务环境
(一)便捷办事。提升服务。具体措施:
1.建立首席服务官制度，为重点企业配备专员。(责任单位:区商务委)
2.推行企业开办一窗通办，办理时限由5个工作日缩短至1个工作日。公布办事清单。(责任单位:区市场监管局、区税务局)
3.全年新增“一件事”主题服务不少于15项，线上办理率达到95%。(责任单位:区政务服务局)
4.在各街道设立企业服务站点，全年走访企业500家。(责任单位:各街道、园区)
二、法治环境
(二)公正监管。规范检查。具体措施:
5.畅通信用修复渠道，实现信用修复一网申请。(责任单位:区发展改革委)
"""

NAMES = {
    "market": "区市场监管局",
    "tax": "区税务局",
    "service": "区政务服务局",
    "urban": "区城管局",
    "reform": "区发展改革委",
    "commerce": "区商务委",
    "east-street": "东街街道",
    "west-street": "西街街道",
    "park": "科创园区",
}


def make_organs() -> dict[str, Organ]:
    """Store the district's leading organ and nine others; all but the last two names are aliases."""
    Organ.objects.create(
        key="district", name="某区人民政府", type="district", division=HOME, order=1
    )
    organs = {}
    for order, (key, name) in enumerate(NAMES.items(), start=2):
        kind = "street" if "street" in key else "park" if key == "park" else "department"
        organs[key] = Organ.objects.create(
            key=key, name=name, type=kind, division=HOME, order=order
        )
        if key not in ("urban", "reform"):
            OrganAlias.objects.create(name=name, division=HOME, organ=organs[key])
    return organs


def import_plan(text: str = PLAN_2025, *, confirm: bool = True, **more: str) -> PlanDocument | str:
    """Import a text through the real actions; return the plan, or the draft's ref."""
    draft = start_import(OFFICE, filename="plan.txt", content=text, **more)
    if not confirm:
        return draft
    return PlanDocument.objects.get(ref=confirm_import(OFFICE, draft=draft).document)
