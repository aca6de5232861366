"""Who may open a page. Every page declares one of these; a page without one does not exist."""

from dataclasses import dataclass

from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class Access:
    """A declared rule; subclasses decide."""

    def allows(self, actor: Actor) -> bool:
        """Tell whether ``actor`` may open the page at all; whose things it shows is the selector's matter."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """Return a short name for the access matrix."""
        raise NotImplementedError


@dataclass(frozen=True)
class Anyone(Access):
    """Open to the public."""

    def allows(self, actor: Actor) -> bool:
        """Allow everybody."""
        return True

    @property
    def label(self) -> str:
        """Return ``anyone``."""
        return "anyone"


@dataclass(frozen=True)
class SignedIn(Access):
    """Open to every account."""

    def allows(self, actor: Actor) -> bool:
        """Allow whoever is signed in."""
        return not actor.is_anonymous

    @property
    def label(self) -> str:
        """Return ``signed-in``."""
        return "signed-in"


@dataclass(frozen=True)
class Needs(Access):
    """Open to mandates that carry one permission."""

    permission: str

    def allows(self, actor: Actor) -> bool:
        """Allow whoever has the permission."""
        return actor.may(self.permission)

    @property
    def label(self) -> str:
        """Return the permission."""
        return self.permission


class NeedsOneOf(Access):
    """Open to mandates that carry at least one of some permissions."""

    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def allows(self, actor: Actor) -> bool:
        """Allow whoever has one of them."""
        return any(actor.may(one) for one in self.permissions)

    @property
    def label(self) -> str:
        """Return the permissions."""
        return " | ".join(self.permissions)


@dataclass(frozen=True)
class Officials(Access):
    """Open to whoever acts for an organ, in whatever role."""

    def allows(self, actor: Actor) -> bool:
        """Allow whoever acts for an organ."""
        return actor.is_official

    @property
    def label(self) -> str:
        """Return ``official``."""
        return "official"


@dataclass(frozen=True)
class Subjects(Access):
    """Open to whoever acts for a subject, in whatever role."""

    def allows(self, actor: Actor) -> bool:
        """Allow whoever acts for an enterprise."""
        return actor.subject_id is not None

    @property
    def label(self) -> str:
        """Return ``subject``."""
        return "subject"


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
