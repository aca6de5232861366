"""What the states of matching are called."""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.matching import claiming
from yingshang.domains.matching.groups import SMALL, shown_count
from yingshang.domains.matching.reasons import NOT_APPLIED, NOT_OPENED, NOT_TOLD
from yingshang.rules import ranking

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

GROUP = _("惠企政策")
REASON_LABELS: Final[dict[str, tuple["_StrOrPromise", str]]] = {
    NOT_TOLD: (_("未告知"), "bad"),
    NOT_OPENED: (_("已告知，未打开"), "warn"),
    NOT_APPLIED: (_("已打开，未申报"), "warn"),
    claiming.OFFERED: (_("已送上门，未确认"), "warn"),
    claiming.IN_PROGRESS: (_("办理中"), "active"),
    claiming.REFUSED: (_("未予兑现"), "bad"),
    claiming.APPROVED: (_("已批准，未拨付"), "warn"),
    claiming.RETURNED: (_("拨付被退回"), "bad"),
    claiming.PAID: (_("已兑现"), "good"),
}
"""For each reason its name and tone."""

ANSWERS: Final[dict[str, tuple["_StrOrPromise", str]]] = {
    "yes": (_("符合"), "good"),
    "no": (_("不符合"), "bad"),
    "unknown": (_("尚不能确定"), "warn"),
    "error": (_("无法计算"), "warn"),
    "": (_("未留存"), "idle"),
}
PHASES: Final[dict[str, "_StrOrPromise"]] = {
    "prepare": _("准备"),
    "decide": _("判定"),
    "trace": _("回溯"),
    "carry": _("结转"),
    "store": _("入库"),
    "tell": _("推送"),
}
RANK_REASONS: Final[dict[str, "_StrOrPromise"]] = {
    ranking.WITHIN: _("在线内"),
    ranking.LET_IN: _("并列，进入"),
    ranking.SHUT_OUT: _("并列，不进"),
    ranking.DRAWN: _("抽中"),
    ranking.NOT_DRAWN: _("未抽中"),
    ranking.TO_DRAW: _("并列，待抽签"),
    ranking.TOO_DEAR: _("超出余下的预算"),
    ranking.BEHIND: _("在线外"),
    ranking.UNRANKED: _("没有排序的数据"),
}


def small(count: int, may_see: bool) -> str:
    """Return a count; below the threshold as such, nought alike, to those who may not see small ones."""
    shown = shown_count(count, may_see)
    return gettext("少于 %(n)s") % {"n": SMALL} if shown is None else f"{shown:,}"
