"""The same permission on the officials' side and on the enterprises' side."""

from dataclasses import dataclass

from yingshang.parties.actors import Actor
from yingshang.web.access import Needs


@dataclass(frozen=True)
class OfficialNeeds(Needs):
    """Open to whoever acts for an organ with the permission."""

    def allows(self, actor: Actor) -> bool:
        """Allow officials who have the permission."""
        return actor.is_official and super().allows(actor)

    @property
    def label(self) -> str:
        """Return the permission and the side."""
        return f"{self.permission} (organ)"


@dataclass(frozen=True)
class SubjectNeeds(Needs):
    """Open to whoever acts for a subject with the permission."""

    def allows(self, actor: Actor) -> bool:
        """Allow those who act for an enterprise and have the permission."""
        return actor.subject_id is not None and super().allows(actor)

    @property
    def label(self) -> str:
        """Return the permission and the side."""
        return f"{self.permission} (subject)"
