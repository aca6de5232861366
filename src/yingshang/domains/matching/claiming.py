"""What enterprises claimed, as far as the domain that handles claims tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from yingshang.kernel.registry import Registry

OFFERED, IN_PROGRESS, REFUSED, APPROVED, PAID, RETURNED = (
    "offered",
    "in_progress",
    "refused",
    "approved",
    "paid",
    "returned",
)
STATES: Final = (OFFERED, IN_PROGRESS, REFUSED, APPROVED, PAID, RETURNED)
"""Offered and not confirmed yet; handed in and being decided; refused with a ground; approved and not paid
yet; paid, as the treasury confirmed; paid and sent back by the bank (退票)."""


@dataclass(frozen=True)
class Claimed:
    """What became of one enterprise's latest claim under a policy; ``ground`` of a refusal."""

    state: str
    on: date
    amount_fen: int = 0
    paid_fen: int = 0
    ground: str = ""
    href: str = ""


ClaimsOf = Callable[[str, "frozenset[int] | None"], Mapping[int, Claimed]]
"""Takes a policy's key and row ids of enterprises (None: all), returns claims by row id."""

CLAIMED: Registry[ClaimsOf] = Registry("register of claims")


def claims_of(policy: str, subjects: frozenset[int] | None = None) -> dict[int, Claimed]:
    """Return the claims under a policy by enterprise, from everybody who registered."""
    found: dict[int, Claimed] = {}
    for _name, ask in CLAIMED:
        found.update(ask(policy, subjects))
    return found


def are_claims_known() -> bool:
    """Whether any domain tells about claims here; without one nothing is known of them."""
    return any(True for _ in CLAIMED)
