"""The corrections of a draft in words: what was done, to which measure, and what was given."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models import DraftOperation, ImportDraft
from yingshang.parties.models import Organ

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

OPERATION_LABELS: Mapping[str, "_StrOrPromise"] = {
    "correct_document": _("更正方案信息"),
    "correct_measure": _("更正举措"),
    "accept_measure": _("核对无误"),
    "split_measure": _("拆分举措"),
    "merge_measures": _("与下一条合并"),
    "add_measure": _("补充举措"),
    "move_measure": _("移动举措"),
    "remove_measure": _("移除举措"),
    "renumber": _("按顺序重新编号"),
    "decide_target": _("处理目标值"),
    "add_target": _("补充目标值"),
    "link_measure": _("认定延续关系"),
    "resolve_unit": _("明确责任单位"),
}
FIELD_LABELS: Mapping[str, "_StrOrPromise"] = {
    "title": _("标题"),
    "issuer": _("制发机关"),
    "document_number": _("文号"),
    "issued_on": _("成文日期"),
    "year": _("年份"),
    "id": _("举措"),
    "number": _("序号"),
    "chapter": _("章"),
    "section": _("节"),
    "action": _("行动"),
    "reform_item": _("改革事项"),
    "lines": _("内容"),
    "text": _("内容"),
    "units": _("责任单位"),
    "due": _("完成时限"),
    "due_text": _("时限原文"),
    "starred": _("标星事项"),
    "targets": _("目标值"),
    "after": _("位置"),
    "headings": _("采用该处的章、节标题"),
    "indicator": _("指标"),
    "comparator": _("比较"),
    "value": _("目标值"),
    "unit": _("计量单位"),
    "deadline": _("期限"),
    "baseline": _("原值"),
    "status": _("处理"),
    "words": _("原文用语"),
    "former": _("延续自"),
    "name": _("名称"),
    "organs": _("对应机构"),
    "group": _("集合"),
    "remember": _("记入别名表"),
}
_STATUSES: Mapping[str, "_StrOrPromise"] = {
    "proposed": _("待确认"),
    "confirmed": _("已确认"),
    "rejected": _("不采纳"),
}
_HIDDEN = {"target"}
"""Names of things inside a draft that say nothing to a reader."""


def field_label(name: str) -> str:
    """Return the word for a field of a measure or document."""
    return str(FIELD_LABELS.get(name, name))


def shown_operations(draft: ImportDraft) -> list[dict[str, Any]]:
    """Return the corrections of a draft, the newest first, in the language of the page."""
    operations = list(draft.operations.order_by("-sequence"))
    names = _names(draft, operations)
    return [
        {
            "operation": operation,
            "label": OPERATION_LABELS.get(operation.name, operation.name),
            "details": [
                (field_label(key), _said(operation.name, key, value, names))
                for key, value in operation.parameters.items()
                if key not in _HIDDEN
            ],
        }
        for operation in operations
    ]


def _names(draft: ImportDraft, operations: list[DraftOperation]) -> dict[str, str]:
    """Return what the measures and organs are called that corrections name, in one query."""
    measures = {m["id"]: m for state in (draft.parsed, draft.state) for m in state["measures"]}
    names = {
        ident: _t("第 %(number)s 条") % {"number": measure["number"] or "—"}
        for ident, measure in measures.items()
    }
    keys = {key for one in operations for key in one.parameters.get("organs") or ()}
    organs = Organ.objects.filter(key__in=keys)
    return {**names, **{f"organ:{organ.key}": str(organ) for organ in organs}}


def _said(operation: str, key: str, value: Any, names: Mapping[str, str]) -> str:
    if key == "id" or (key == "after" and operation != "split_measure"):
        return names.get(str(value), _t("（已移除）")) if value else _t("最前面")
    if key == "after":
        return _t("第 %(n)s 个分项之后") % {"n": value}
    if key in ("headings", "group", "remember", "starred"):
        return _t("是") if value not in (None, "", "0", False) else _t("否")
    if key == "status":
        return str(_STATUSES.get(str(value), value))
    if key == "units":
        return "、".join(str(unit["name"]) for unit in value or ())
    if key == "organs":
        return "、".join(names.get(f"organ:{one}", str(one)) for one in value or ())
    return "—" if value in (None, "") else str(value)
