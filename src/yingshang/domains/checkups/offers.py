"""What can be done about a finding: domains above say so (确认领取, 去申报, 办理中)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from yingshang.domains.checkups.findings import Finding


@dataclass(frozen=True)
class Offer:
    """A step: ``state`` is ``confirm``, ``apply``, ``pending`` or ``done``; no ``href`` where there is no page.

    ``hint`` says more, such as until when.
    """

    label: "_StrOrPromise"
    href: str = ""
    state: str = "apply"
    hint: "_StrOrPromise" = ""

    @property
    def is_open(self) -> bool:
        """Tell whether the enterprise can do something now."""
        return self.state in ("confirm", "apply")


Offers = Callable[[Actor, Subject, "Finding"], Offer | None]

CLAIM_OFFERS: Registry[Offers] = Registry("offer on a finding")


def offer_for(actor: Actor, subject: Subject, finding: "Finding") -> Offer | None:
    """Return the first offer that anybody makes; None where nobody does."""
    made = (offer(actor, subject, finding) for _name, offer in CLAIM_OFFERS)
    return next((one for one in made if one is not None), None)


HandIn = Callable[[str], "tuple[_StrOrPromise, str] | None"]

HAND_INS: Registry[HandIn] = Registry("place to hand in a fact")
"""By fact key: what can be handed in so that it becomes known, and the address of the page."""
