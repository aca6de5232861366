"""How a simulated body behaves: chosen by whoever declares or tests it, the same every time it is run."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from yingshang.outside.declaring import BodyField, Message

SIGNS = {"#": "0123456789", "@": "ABCDEFGHJKLMNPQRSTUVWXYZ"}


class Behaviour(BaseModel):
    """What the body does with a message; the defaults are a good body that answers at the next round.

    ``late_seconds`` passes before the first answer, spread by up to ``spread_seconds`` (the same for the
    same message), and again between acceptance and the final answer. ``repeat`` says each answer so often
    again. ``refuse`` is a reason code. ``down_first`` tries are not taken; ``mute_first`` further tries
    are taken, or with ``mute_drops`` lost, without any reply. ``lose_answer`` never calls back.
    ``contradict`` says the contrary afterwards. ``return_reason`` says, ``return_after_seconds`` after it was
    done, that it came back. Without ``tolerates_duplicates`` the body acts on every
    message that reaches it, also on one that it has.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    accept_first: bool = True
    late_seconds: int = Field(default=0, ge=0, le=90 * 86400)
    spread_seconds: int = Field(default=0, ge=0, le=30 * 86400)
    repeat: int = Field(default=0, ge=0, le=20)
    refuse: str = ""
    down_first: int = Field(default=0, ge=0, le=50)
    mute_first: int = Field(default=0, ge=0, le=50)
    mute_drops: bool = False
    lose_answer: bool = False
    contradict: bool = False
    return_reason: str = ""
    return_after_seconds: int = Field(default=0, ge=0, le=90 * 86400)
    tolerates_duplicates: bool = True


class Marker(BaseModel):
    """A behaviour for messages whose value of ``field`` contains ``contains``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    field: str
    contains: str = Field(min_length=1)
    behaviour: Behaviour


class Settings(BaseModel):
    """The ``settings`` of a body with the adapter ``simulated``.

    ``samples`` are patterns for values of answers: ``#`` stands for a digit, ``@`` for a letter.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    seed: str = ""
    behaviour: Behaviour = Behaviour()
    markers: tuple[Marker, ...] = ()
    samples: Mapping[str, str] = Field(default_factory=dict)

    def marked(self, payload: Mapping[str, Any]) -> Behaviour | None:
        """Return the behaviour that a payload asks for by a marker, if any."""
        for marker in self.markers:
            if marker.contains in str(payload.get(marker.field, "")):
                return marker.behaviour
        return None

    def draw(self, *about: str) -> int:
        """Return a number of 64 bits that depends on the seed and ``about`` alone."""
        text = "\x1f".join((self.seed, *about)).encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")

    def lateness(self, behaviour: Behaviour, message_id: str) -> timedelta:
        """Return how long this message's answers take."""
        spread = behaviour.spread_seconds
        extra = self.draw("late", message_id) % (spread + 1) if spread else 0
        return timedelta(seconds=behaviour.late_seconds + extra)

    def made_up(self, fields: tuple[BodyField, ...], message_id: str, day: date) -> dict[str, Any]:
        """Return a value for every field of an answer, the same for the same message."""
        return {field.key: self._value(field, message_id, day) for field in fields}

    def _value(self, field: BodyField, message_id: str, day: date) -> Any:
        number = self.draw("value", field.key, message_id)
        match field.type:
            case "date":
                return day.isoformat()
            case "money" | "number":
                return number % 1_000_000 * 100
            case "flag":
                return True
            case "list":
                return [self._text(field, message_id)]
            case _:
                return self._text(field, message_id)

    def _text(self, field: BodyField, message_id: str) -> str:
        pattern = self.samples.get(field.key, "############")
        return "".join(
            SIGNS[sign][self.draw(field.key, message_id, str(place)) % len(SIGNS[sign])]
            if sign in SIGNS
            else sign
            for place, sign in enumerate(pattern)
        )


def answers_of(
    settings: Settings, behaviour: Behaviour, message: Message, message_id: str, day: date
) -> list[dict[str, Any]]:
    """Return what the body will say to a message, in order, each thing once."""

    def said(status: str, **more: Any) -> dict[str, Any]:
        return {"message_id": message_id, "status": status, **more}

    done = said("done", fields=settings.made_up(message.answers.done, message_id, day))
    reasons = [one.code for one in message.answers.refused]
    refused = said("refused", reason=behaviour.refuse or reasons[0])
    answers = []
    if behaviour.accept_first:
        values = settings.made_up(message.answers.accepted, message_id, day)
        answers.append(said("accepted", fields=values))
    answers.append(refused if behaviour.refuse else done)
    if behaviour.contradict:
        answers.append(done if behaviour.refuse else refused)
    return answers


def returned_answer(behaviour: Behaviour, message: Message, message_id: str) -> dict[str, Any]:
    """Return what the body will say after all of :func:`answers_of`: that it came back; {} if it does not."""
    codes = [one.code for one in message.answers.returned]
    if behaviour.refuse or behaviour.return_reason not in codes:
        return {}
    return {"message_id": message_id, "status": "returned", "reason": behaviour.return_reason}
