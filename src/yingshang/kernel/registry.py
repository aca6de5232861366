"""Named things that upper layers bring and lower layers look up without importing them."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class AlreadyRegistered(ValueError):
    """Two different things claim one name."""


class UnknownName(LookupError):
    """Nothing is registered under this name."""


class Registry(Generic[T]):
    """Things of one sort by name; a name is taken once, and re-registering the same object is harmless."""

    def __init__(self, sort: str) -> None:
        self.sort = sort
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> T:
        """Register ``thing``; raises :class:`AlreadyRegistered` if the name means something else."""
        known = self._things.get(name)
        if known is not None and known is not thing:
            raise AlreadyRegistered(f"{self.sort} {name!r} is registered twice")
        self._things[name] = thing
        return thing

    def named(self, name: str) -> Callable[[T], T]:
        """Return a decorator that registers what it decorates."""
        return lambda thing: self.add(name, thing)

    def get(self, name: str) -> T:
        """Return the thing; raises :class:`UnknownName` with the nearest names."""
        try:
            return self._things[name]
        except KeyError:
            from difflib import get_close_matches

            near = get_close_matches(name, self._things, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UnknownName(f"there is no {self.sort} {name!r}{hint}") from None

    def find(self, name: str) -> T | None:
        """Return the thing or None."""
        return self._things.get(name)

    def names(self) -> list[str]:
        """Return the names in order."""
        return sorted(self._things)

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(sorted(self._things.items()))

    def __len__(self) -> int:
        return len(self._things)
