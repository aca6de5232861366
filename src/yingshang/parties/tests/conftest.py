"""A small fixed cast: two bureaus, a court, an enterprise, and people who act for them."""

from dataclasses import dataclass
from typing import Any

import pytest

from yingshang.parties.actions import accounts, mandates, organs, subjects
from yingshang.parties.actors import Actor, Assurance, system_actor
from yingshang.parties.models import Organ, Person, Role, Subject
from yingshang.parties.permissions import PERMISSIONS
from yingshang.parties.selectors import actor_for

DIVISION = "339705"
CODE = "914403001922038216"

ROLES: dict[str, dict[str, Any]] = {
    "district_administrator": {
        "is_reserved": True,
        "permissions": [
            "parties.manage_organs",
            "parties.manage_aliases",
            "parties.read_organs",
            "parties.manage_accounts",
            "parties.grant_mandates",
            "parties.administer_all",
            "parties.read_subjects",
        ],
    },
    "organ_administrator": {
        "permissions": [
            "parties.read_organs",
            "parties.manage_accounts",
            "parties.grant_mandates",
        ]
    },
    "inspector": {"permissions": ["parties.read_subjects"]},
    "judge": {"permissions": ["parties.appoint_administrators"]},
    "enterprise_legal_representative": {
        "party": "subject",
        "permissions": ["parties.grant_mandates", "parties.manage_accounts"],
    },
    "enterprise_administrator": {"party": "subject", "permissions": ["parties.grant_mandates"]},
    "enterprise_handler": {"party": "subject", "permissions": []},
}


@dataclass
class Cast:
    """Everything that these tests act with."""

    root: Actor
    market: Organ
    finance: Organ
    court: Organ
    firm: Subject
    owner_person: Person

    def person(self, name: str) -> Person:
        return accounts.create_person(self.root, name=name)

    def actor(self, username: str, person: Person | None = None, **mandate: Any) -> Actor:
        """Return a new person with an account and, where roles are given, a mandate."""
        holder = person or self.person(username)
        made = accounts.create_account(self.root, person=holder.ref, username=username)
        if mandate:
            mandates.grant_mandate(self.root, person=holder.ref, **mandate)
        return actor_for(made.account, None, Assurance.PASSWORD)


@pytest.fixture
def cast(db: None) -> Cast:
    for key, values in ROLES.items():
        Role.objects.create(key=key, label=key, **values)
    root = system_actor("test", *PERMISSIONS.names())
    owner = accounts.create_person(root, name="林晓峰")

    def organ(key: str, name: str, sort: str) -> Organ:
        return organs.create_organ(root, key=key, name=name, type=sort, division=DIVISION)

    return Cast(
        root,
        organ("market", "区市场监管局", "department"),
        organ("finance", "区财政局", "department"),
        organ("court", "区法院", "court"),
        subjects.register_enterprise(
            root, code=CODE, name="云州精密公司", division=DIVISION, legal_representative=owner.ref
        ),
        owner,
    )
