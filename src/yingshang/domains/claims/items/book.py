"""Claim items in force, and the versions to which claims are pinned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, get_current, list_current
from yingshang.domains.claims.errors import ItemNotOpen, NoSuchItem
from yingshang.domains.claims.items.declaring import ClaimItem
from yingshang.domains.claims.items.names import ITEM
from yingshang.kernel.times import today
from yingshang.parties.models import Organ
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rulebook.kinds import POLICY
from yingshang.web.dates import day_text


@dataclass(frozen=True)
class Item:
    """A claim item in one of its versions."""

    version: ContentVersion
    declared: ClaimItem

    @property
    def key(self) -> str:
        """The item's key."""
        return self.declared.key

    @cached_property
    def organ(self) -> Organ:
        """The organ that decides."""
        return Organ.objects.get(key=self.declared.organ)

    @cached_property
    def rule(self) -> ContentVersion:
        """The version of the rule in force; raises ``ContentNotLoaded``."""
        return get_current(POLICY, self.declared.policy)

    def period_on(self, day: date) -> str:
        """Return the period for which a claim made on a day counts; empty where any number may be made."""
        match self.declared.per:
            case "year":
                return str(day.year)
            case "once":
                return "once"
            case _:
                return ""


def item_of(version: ContentVersion) -> Item:
    """Return the item of a stored version."""
    return Item(version, cast(ClaimItem, declaration_of(version)))


def get_item(key: str) -> Item:
    """Return an item in force; raises :class:`NoSuchItem`."""
    found = ContentVersion.objects.filter(kind=ITEM, key=key, is_current=True).first()
    if found is None:
        raise NoSuchItem
    return item_of(found)


def list_items() -> list[Item]:
    """Return every item in force, by key."""
    return [item_of(one) for one in list_current(ITEM)]


def items_of_policies(policies: Sequence[str]) -> list[Item]:
    """Return the items in force that a yes of one of these rules leads to, by key."""
    found = ContentVersion.objects.filter(kind=ITEM, is_current=True, body__policy__in=policies)
    return [item_of(one) for one in found.order_by("key")]


def demand_open(item: Item, day: date | None = None) -> None:
    """Raise :class:`ItemNotOpen` outside the item's window."""
    if not item.declared.is_open_on(day or today()):
        window = item.declared.window
        said = f"{day_text(window.since)} — {day_text(window.until)}" if window else ""
        raise ItemNotOpen(params={"name": item.declared.label, "window": said})


def policy_of(version: ContentVersion) -> PolicyDeclaration:
    """Return the rule of a stored version."""
    return cast(PolicyDeclaration, declaration_of(version))
