"""How a body is reached: the one interface that every adapter has, and the register of adapters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from yingshang.kernel.registry import Registry
from yingshang.outside.declaring import OutsideBody


@dataclass(frozen=True)
class Envelope:
    """What is sent: ``message_id`` is the same at every try, so that the body can tell a repeat.

    ``asked_on`` is the day (in Shanghai) under which both sides file the message for reconciliation.
    """

    body: OutsideBody
    message_id: str
    message: str
    payload: Mapping[str, Any]
    asked_on: date
    tried: int = 1


@dataclass(frozen=True)
class Delivered:
    """The body took the message; ``answers`` are those it gave at once, as in a callback."""

    answers: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Known:
    """What the body says it holds of one message; ``status`` is "" while it has not answered.

    ``times`` is how often the body acted on it: more than once is a difference.
    """

    message_id: str
    message: str
    status: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    times: int = 1


class NotTaken(Exception):
    """The body surely did not take the message (no connection, 503): sending again is safe."""


class NoReply(Exception):
    """The message may have been taken (time-out, broken connection): only reconciliation can tell."""


class Rejected(Exception):
    """The body refuses the message itself; sending the same again cannot help."""


class Adapter(Protocol):
    """A way to a body. Implementations hold no transaction open and bound every wait."""

    def send(self, envelope: Envelope) -> Delivered:
        """Hand a message over; raises :class:`NotTaken`, :class:`NoReply` or :class:`Rejected`."""

    def list_known(self, body: OutsideBody, day: date) -> list[Known]:
        """Return what the body holds of a day's messages; raises :class:`~yingshang.outside.errors.BodyUnavailable`."""

    def faults(self, body: OutsideBody) -> Iterable[str]:
        """Name what is wrong with a body's ``settings``, for the content linter."""


ADAPTERS: Registry[Adapter] = Registry("adapter of outside bodies")
