"""What is drawn for a kind of support, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.policies.fragments import Draw, DrawSum


@dataclass(frozen=True)
class Item:
    """One thing that can be claimed: its conditions, its sum and how it is claimed."""

    key: str
    label: str
    label_en: str
    summary: str
    summary_en: str
    conditions: tuple[Draw, ...]
    amount: DrawSum
    way: str = "automatic"
    asks: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    per: str = "year"
    excludes: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """One document with the items that it grants."""

    key: str
    title: str
    title_en: str
    why: str
    items: tuple[Item, ...]
    inclusive: bool = True


@dataclass(frozen=True)
class Support:
    """A kind of support: whose it is, from which fund and line it is paid, and its documents."""

    key: str
    organ: str
    organ_name: str
    mark: str
    fund: str
    line: str
    topic: str
    texts: tuple[Text, ...]
