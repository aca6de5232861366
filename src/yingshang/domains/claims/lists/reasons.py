"""Why somebody is on a list or not, in words."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "chosen": _("全部列入"),
    "within": _("在名额和预算内"),
    "let_in": _("与末位并列，一并列入"),
    "shut_out": _("与末位并列，名额不够，均不列入"),
    "drawn": _("与末位并列，抽签抽中"),
    "not_drawn": _("与末位并列，抽签未中"),
    "to_draw": _("与末位并列，待抽签"),
    "too_dear": _("超出剩余预算"),
    "behind": _("排在末位之后"),
    "unranked": _("没有排序所需的数据"),
    "not_entitled": _("复核不符合"),
    "no_amount": _("没有算出金额"),
    "claimed": _("本期已经兑现或者在办"),
    "excluded": _("与已有的兑现不能重复"),
    "objected": _("异议成立，列入名单"),
    "below_pass": _("低于合格分"),
}


WITH_DETAIL = ("claimed", "excluded")
"""Reasons that name another claim in the entry's detail."""


def reason_said(reason: str) -> str:
    """Return a reason in the reader's language."""
    return str(REASONS.get(reason, reason))
