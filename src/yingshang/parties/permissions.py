"""Permissions by name; packages register theirs, roles in content combine them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Permission:
    """One thing that a mandate may allow."""

    name: str
    label: "_StrOrPromise"


PERMISSIONS: Registry[Permission] = Registry("permission")


def permission(name: str, label: "_StrOrPromise") -> str:
    """Register a permission and return its name."""
    PERMISSIONS.add(name, Permission(name, label))
    return name


MANAGE_ORGANS = permission("parties.manage_organs", _("新增、更名、合并机构"))
MANAGE_ALIASES = permission("parties.manage_aliases", _("维护机构别名"))
READ_ORGANS = permission("parties.read_organs", _("查看机构"))
MANAGE_ACCOUNTS = permission("parties.manage_accounts", _("开立和停用账号"))
GRANT_MANDATES = permission("parties.grant_mandates", _("授予和撤销授权"))
ADMINISTER_ALL = permission("parties.administer_all", _("管理全区各单位的账号和授权"))
READ_SUBJECTS = permission("parties.read_subjects", _("查看企业等主体"))
REGISTER_SUBJECTS = permission("parties.register_subjects", _("登记企业等主体"))
APPOINT_ADMINISTRATORS = permission("parties.appoint_administrators", _("指定破产管理人"))
READ_AUDIT = permission("parties.read_audit", _("查看操作留痕"))
