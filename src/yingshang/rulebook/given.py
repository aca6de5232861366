"""What was typed into a page, by the names of its controls."""

from django.utils.datastructures import MultiValueDict


class Given:
    """The last text of each control, and all ticked boxes of one name."""

    def __init__(self, posted: "MultiValueDict[str, str]") -> None:
        self._posted = posted

    def __contains__(self, name: str) -> bool:
        return name in self._posted

    def __getitem__(self, name: str) -> str:
        return str(self._posted[name])

    def get(self, name: str, default: str = "") -> str:
        """Return what was typed into a control, ``default`` where it was not sent."""
        return str(self._posted[name]) if name in self._posted else default

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value sent under a name."""
        return tuple(map(str, self._posted.getlist(name)))
