"""Conditions that stop an action, told in the domain's words.

An error has a *kind*, from which each face derives its own answer (a status code, a sentence beside
the field), a stable *code* that programs may rely on, and a message for a person that says what to
do next.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


def marked(text: str) -> str:
    """Mark a text for the catalogues as it is; the kernel knows no framework, a face translates it."""
    return text


class ErrorKind(StrEnum):
    """What sort of refusal it is; a wrong state is a conflict, never forbidden."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A refusal with a stable code; subclasses are named after the condition (``CaseAlreadyClosed``).

    ``message`` may be a lazy translation; ``params`` fill its ``%(name)s`` places and travel to
    programs unchanged; ``field`` names the input that is at fault, where there is one.
    """

    kind: ErrorKind = ErrorKind.INVALID
    code: str = "invalid"
    message: Any = ""

    def __init__(
        self,
        message: Any = None,
        *,
        code: str | None = None,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        self.field = field
        self.params = dict(params or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.message) or self.code
        return text % self.params if self.params else text


class Invalid(DomainError):
    """The input cannot be accepted as it is."""


class Forbidden(DomainError):
    """The actor may not do this, or may not know that the thing exists."""

    kind = ErrorKind.FORBIDDEN
    code = "forbidden"


class Missing(DomainError):
    """There is no such thing, as far as this actor may know."""

    kind = ErrorKind.MISSING
    code = "missing"


class Conflict(DomainError):
    """The thing is in another state than the action needs, or somebody else was faster."""

    kind = ErrorKind.CONFLICT
    code = "conflict"


class Unavailable(DomainError):
    """Something outside does not answer; trying again later may help."""

    kind = ErrorKind.UNAVAILABLE
    code = "unavailable"
