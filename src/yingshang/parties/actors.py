"""An actor: a person, acting for an organ or a subject, under a mandate, with an assurance level."""

from dataclasses import dataclass, field
from enum import IntEnum

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Forbidden


class Assurance(IntEnum):
    """How surely we know who acts (cf. GB/T 36633 and eIDAS levels): password, second factor, in person."""

    NONE = 0
    PASSWORD = 1
    TWO_FACTOR = 2
    IN_PERSON = 3


class NotPermitted(Forbidden):
    """The mandate under which the actor acts does not carry this permission."""

    code = "not_permitted"
    message = _("您当前的身份没有办理此事项的权限。请切换身份，或联系本单位管理员。")


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom, and what that allows.

    ``ref`` is opaque to lower layers (the ledger stores it): ``account:<ref>/mandate:<ref>``,
    ``system:<job>`` or ``anonymous``. ``organ_id`` and ``subject_id`` are row ids of whom the actor
    acts for; at most one of them is set.
    """

    ref: str
    account_id: int | None = None
    person_id: int | None = None
    mandate_id: int | None = None
    organ_id: int | None = None
    subject_id: int | None = None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = field(default=frozenset())
    assurance: Assurance = Assurance.NONE
    name: str = ""
    party_name: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody is signed in."""
        return self.account_id is None and not self.ref.startswith("system:")

    @property
    def is_official(self) -> bool:
        """Tell whether the actor acts for an organ."""
        return self.organ_id is not None

    def may(self, permission: str) -> bool:
        """Tell whether the mandate carries ``permission``; nothing is allowed that is not granted."""
        return permission in self.permissions

    def is_who(self, ref: str, person_id: int | None) -> bool:
        """Tell whether something was done by this actor, or by the same person under another mandate."""
        return self.ref == ref or (self.person_id is not None and self.person_id == person_id)

    def require(self, permission: str) -> None:
        """Raise :class:`NotPermitted` unless the mandate carries ``permission``."""
        if not self.may(permission):
            raise NotPermitted(params={"permission": permission})


ANONYMOUS = Actor(ref="anonymous")


def system_actor(job: str, *permissions: str) -> Actor:
    """Return the actor of a periodic job or command, with just the permissions that it needs."""
    return Actor(ref=f"system:{job}", permissions=frozenset(permissions), name=job)
