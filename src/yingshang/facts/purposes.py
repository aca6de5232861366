"""For which purposes facts are read; domains add their own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Purpose:
    """A named purpose; one that may stay hidden for a time says so (investigations only)."""

    name: str
    label: "_StrOrPromise"
    may_be_deferred: bool = False


PURPOSES: Registry[Purpose] = Registry("purpose of reading")


def purpose(name: str, label: "_StrOrPromise", *, may_be_deferred: bool = False) -> str:
    """Register a purpose and return its name."""
    PURPOSES.add(name, Purpose(name, label, may_be_deferred))
    return name


SERVICE = purpose("service", _("办理政务服务事项"))
SUPERVISION = purpose("supervision", _("日常监督管理"))
POLICY = purpose("policy", _("惠企政策匹配与兑现"))
CORRECTION = purpose("correction", _("核对、更正数据"))
STATISTICS = purpose("statistics", _("统计分析"))
INVESTIGATION = purpose("investigation", _("依法调查"), may_be_deferred=True)
OWN = purpose("own", _("本单位查看"))
