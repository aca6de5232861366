"""Permissions by name; packages register theirs, roles in content combine them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
