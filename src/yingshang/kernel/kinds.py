"""Kinds of content that a pack may declare.

A layer or domain that understands a kind registers it here; ``content`` reads the packs, validates
each declaration against the kind's model and hands it to ``install``. ``content`` itself knows no
kind by name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from yingshang.kernel.registry import Registry


class Declaration(BaseModel):
    """The base of every kind's model: unknown keys are refused, so that a typing slip is found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str


@dataclass(frozen=True)
class Finding:
    """One remark of ``content lint``: where, what is wrong, and what to write instead."""

    path: str
    key: str
    code: str
    message: str


Remark = tuple[str, str] | tuple[str, str, tuple[str | int, ...]]
"""What a kind's ``lint`` yields: a code, a plain message, and where it helps the path to the value."""


@dataclass(frozen=True)
class Kind:
    """A sort of declaration.

    ``folder`` is its directory below a pack; ``model`` validates one declaration; ``lint`` receives
    one declaration and every valid declaration of the loaded packs by kind and key; ``install``
    stores one declaration (called in a transaction, in the order of ``after``) and must be
    idempotent.
    """

    name: str
    folder: str
    model: type[Declaration]
    lint: Callable[[Any, Mapping[str, Mapping[str, Any]]], Iterable[Remark]] | None = None
    install: Callable[[Any], None] | None = None
    after: tuple[str, ...] = ()


KINDS: Registry[Kind] = Registry("kind of content")
