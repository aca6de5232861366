"""Kinds of content about parties: roles, organs and their aliases."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from yingshang.kernel.identifiers import check_code
from yingshang.kernel.kinds import KINDS, Declaration, Kind
from yingshang.parties.models import Organ, OrganAlias, OrganRelation, Role
from yingshang.parties.permissions import PERMISSIONS


class RoleDeclaration(Declaration):
    """A role: its labels and the permissions it carries."""

    label: str
    label_en: str
    permissions: tuple[str, ...]
    party: Literal["organ", "subject"] = "organ"
    reserved: bool = False


def lint_role(
    role: RoleDeclaration, _known: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, str]]:
    """Name permissions that nothing registers."""
    for name in role.permissions:
        if name not in PERMISSIONS:
            yield "unknown_permission", f"没有名为 {name} 的权限"


def install_role(role: RoleDeclaration) -> None:
    """Store or update a role."""
    Role.objects.update_or_create(
        key=role.key,
        defaults={
            "label": role.label,
            "label_en": role.label_en,
            "permissions": list(role.permissions),
            "party": role.party,
            "is_reserved": role.reserved,
        },
    )


class RolePermissionsDeclaration(Declaration):
    """Permissions that a pack adds to a role of another pack."""

    role: str
    permissions: tuple[str, ...]


def lint_role_permissions(
    declared: RolePermissionsDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, str]]:
    """Name an unknown role and permissions that nothing registers."""
    if declared.role not in known.get("role", {}):
        yield "unknown_role", f"没有标识为 {declared.role} 的角色"
    for name in declared.permissions:
        if name not in PERMISSIONS:
            yield "unknown_permission", f"没有名为 {name} 的权限"


def install_role_permissions(declared: RolePermissionsDeclaration) -> None:
    """Add the permissions to the role, in place of what the same declaration added before."""
    role = Role.objects.select_for_update().get(key=declared.role)
    role.additions = {**role.additions, declared.key: list(declared.permissions)}
    role.save(update_fields=["additions"])


class RelationDeclaration(BaseModel):
    """The organ stands under another in one respect."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    upper: str
    type: Literal["administrative", "professional", "delegated"]
    valid_from: date | None = None
    valid_to: date | None = None


class OrganDeclaration(Declaration):
    """An organ with its names, relations and aliases."""

    name: str
    short_name: str = ""
    name_en: str = ""
    type: str
    division: str
    credit_code: str = ""
    order: int = 1000
    aliases: tuple[str, ...] = ()
    relations: tuple[RelationDeclaration, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None


def lint_organ(
    organ: OrganDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, str]]:
    """Name relations that point nowhere, and a wrong credit code."""
    if organ.credit_code and not (checked := check_code(organ.credit_code)).valid:
        yield "wrong_code", f"{organ.credit_code}：{checked.why}"
    organs = known.get("organ", {})
    for other in [r.upper for r in organ.relations] + (
        [organ.successor] if organ.successor else []
    ):
        if other not in organs:
            yield "unknown_organ", f"没有标识为 {other} 的机构"


def install_organ(organ: OrganDeclaration) -> None:
    """Store or update an organ, its aliases and relations; uppers must be declared before."""
    stored, _ = Organ.objects.update_or_create(
        key=organ.key,
        defaults={
            "name": organ.name,
            "short_name": organ.short_name,
            "name_en": organ.name_en,
            "type": organ.type,
            "division": organ.division,
            **({"credit_code": organ.credit_code} if organ.credit_code else {}),
            "order": organ.order,
            "valid_from": organ.valid_from,
            "valid_to": organ.valid_to,
        },
    )
    for alias in {organ.name, organ.short_name, *organ.aliases} - {""}:
        OrganAlias.objects.get_or_create(
            division=organ.division, name=alias, defaults={"organ": stored}
        )
    for relation in organ.relations:
        OrganRelation.objects.get_or_create(
            upper=Organ.objects.get(key=relation.upper),
            lower=stored,
            type=relation.type,
            valid_from=relation.valid_from,
            defaults={"valid_to": relation.valid_to},
        )


class OrganGroupDeclaration(Declaration):
    """A name under which documents mention several organs; without members a person expands it."""

    name: str
    division: str
    members: tuple[str, ...] = ()


def lint_organ_group(
    group: OrganGroupDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, str]]:
    """Name members that are not declared."""
    for member in group.members:
        if member not in known.get("organ", {}):
            yield "unknown_organ", f"没有标识为 {member} 的机构"


def install_organ_group(group: OrganGroupDeclaration) -> None:
    """Enter the group name; the members that its users chose later are kept."""
    alias, is_new = OrganAlias.objects.get_or_create(
        division=group.division, name=group.name, defaults={"is_group": True}
    )
    if is_new:
        alias.members.set(Organ.objects.filter(key__in=group.members))


class DemoAccountDeclaration(Declaration):
    """Somebody of the demonstration; the key is the user name.

    ``organ`` is an organ's key; ``enterprise`` the number of one of the demonstration's enterprises.
    """

    name: str
    about: str
    about_en: str
    roles: tuple[str, ...] = ()
    organ: str | None = None
    enterprise: int | None = None
    order: int = 100


def lint_demo_account(
    account: DemoAccountDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, str]]:
    """Name unknown roles and organs, and rights without a party."""
    for role in account.roles:
        if role not in known.get("role", {}):
            yield "unknown_role", f"没有标识为 {role} 的角色"
    if account.organ and account.organ not in known.get("organ", {}):
        yield "unknown_organ", f"没有标识为 {account.organ} 的机构"
    parties = (account.organ is not None) + (account.enterprise is not None)
    if parties != bool(account.roles):
        yield "role_without_party", "有角色就要写明一个 organ 或 enterprise，没有角色就都不写"


KINDS.add("role", Kind("role", "roles", RoleDeclaration, lint_role, install_role))
KINDS.add("organ", Kind("organ", "organs", OrganDeclaration, lint_organ, install_organ))
KINDS.add(
    "role_permissions",
    Kind(
        "role_permissions",
        "role_permissions",
        RolePermissionsDeclaration,
        lint_role_permissions,
        install_role_permissions,
        after=("role",),
    ),
)
KINDS.add(
    "organ_group",
    Kind(
        "organ_group",
        "organ_groups",
        OrganGroupDeclaration,
        lint_organ_group,
        install_organ_group,
        after=("organ",),
    ),
)
KINDS.add(
    "demo_account",
    Kind("demo_account", "people", DemoAccountDeclaration, lint_demo_account),
)
