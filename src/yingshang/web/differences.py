"""What changed between two texts, piece by piece."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PIECE = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
"""A Chinese character stands alone; a Latin word and a figure are compared whole."""


class Change(StrEnum):
    """What became of a thing from one version to the next."""

    KEPT = "kept"
    CHANGED = "changed"
    NEW = "new"
    DROPPED = "dropped"

    @property
    def label(self) -> "_StrOrPromise":
        """Return the word for it."""
        return {
            Change.KEPT: _("沿用"),
            Change.CHANGED: _("调整"),
            Change.NEW: _("新增"),
            Change.DROPPED: _("不再列入"),
        }[self]

    @property
    def tone(self) -> str:
        """Return the tone of its tag."""
        return {
            Change.KEPT: "idle",
            Change.CHANGED: "warn",
            Change.NEW: "good",
            Change.DROPPED: "bad",
        }[self]


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, went or came."""

    kind: Literal["same", "out", "in"]
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return the runs that lead from ``before`` to ``after``; joined without ``out`` they give ``after``."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("out", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("in", "".join(new[k:m])))
    return pieces
