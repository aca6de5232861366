"""Who may open the officials' pages: whoever has the narrow permission, or that over everything."""

from dataclasses import dataclass

from yingshang.licences.permissions import AUDIT_SEALS, READ, READ_ALL, READ_SEALS
from yingshang.parties.actors import Actor
from yingshang.web.access import Needs

WIDER = {READ: READ_ALL, READ_SEALS: AUDIT_SEALS}


@dataclass(frozen=True)
class Reads(Needs):
    """Open to officials with the permission for their own organ, or with that for all."""

    def allows(self, actor: Actor) -> bool:
        """Allow officials who have either permission."""
        return actor.is_official and (
            actor.may(self.permission) or actor.may(WIDER[self.permission])
        )

    @property
    def label(self) -> str:
        """Return both permissions and the side."""
        return f"{self.permission} / {WIDER[self.permission]} (organ)"
