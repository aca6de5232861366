"""What can be done about a finding: domains above say so (确认领取, 去申报, 办理中)."""

from collections.abc import Callable, Mapping, Sequence
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


Offers = Callable[[Actor, Subject, Sequence["Finding"]], Mapping[str, Offer]]
"""What can be done about findings of one check-up, by policy; asked for all that a page shows at once."""

CLAIM_OFFERS: Registry[Offers] = Registry("offer on a finding")


def offers_for(actor: Actor, subject: Subject, findings: Sequence["Finding"]) -> dict[str, Offer]:
    """Return the first offer that anybody makes on each finding, by policy."""
    made: dict[str, Offer] = {}
    for _name, offers in CLAIM_OFFERS:
        made = {**offers(actor, subject, findings), **made}
    return made


HandIn = Callable[[str], "tuple[_StrOrPromise, str] | None"]

HAND_INS: Registry[HandIn] = Registry("place to hand in a fact")
"""By fact key: what can be handed in so that it becomes known, and the address of the page."""
