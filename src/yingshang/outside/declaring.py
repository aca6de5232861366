"""What packs declare about an outside body: its messages, its answers, how patient we are with it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from yingshang.kernel.kinds import Declaration

KEY = r"^[a-z][a-z0-9_-]*$"
FieldType = Literal["text", "date", "money", "number", "flag", "list"]
BodySort = Literal[
    "bank", "tax", "seal_maker", "social_insurance", "housing_fund", "treasury", "platform"
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BodyField(_Part):
    """One value of a message or an answer; ``money`` is whole fen, ``list`` several texts.

    A ``sensitive`` value goes to the body and to nobody else: no page, log or ledger entry shows it.
    """

    key: str = Field(pattern=KEY)
    label: str
    label_en: str
    type: FieldType = "text"
    required: bool = False
    sensitive: bool = False
    most: int = Field(default=500, ge=1, le=4000)


class Reason(_Part):
    """A reason for which a body refuses."""

    code: str = Field(pattern=KEY)
    label: str
    label_en: str


class Patience(_Part):
    """A span of time by the clock; it must not be empty."""

    days: int = Field(default=0, ge=0)
    hours: int = Field(default=0, ge=0)
    minutes: int = Field(default=0, ge=0)

    @property
    def span(self) -> timedelta:
        """Return the whole span."""
        return timedelta(days=self.days, hours=self.hours, minutes=self.minutes)


class Answers(_Part):
    """What the body may say: that it took the matter in hand, that it is done, or why not.

    Of some things the body may say, up to ``returned_within`` after they were asked, that they came back
    although they were done (a payment that the payee's bank sends back, 退票): the reasons are in
    ``returned``. It is the body's own later word and contradicts nothing.
    """

    accepted: tuple[BodyField, ...] = ()
    done: tuple[BodyField, ...] = ()
    refused: tuple[Reason, ...] = Field(min_length=1)
    returned: tuple[Reason, ...] = ()
    returned_within: Patience = Patience(days=10)


class Message(_Part):
    """One thing that may be asked of the body."""

    key: str = Field(pattern=KEY)
    label: str
    label_en: str
    fields: tuple[BodyField, ...] = Field(min_length=1)
    answers: Answers
    stuck_after: Patience | None = None
    legal: str = ""

    @property
    def sensitive(self) -> frozenset[str]:
        """Return the keys of sensitive values in the message and its answers."""
        every = (*self.fields, *self.answers.accepted, *self.answers.done)
        return frozenset(field.key for field in every if field.sensitive)


class Retry(_Part):
    """When a message that was surely not taken is sent again: pauses grow up to a limit."""

    first_seconds: int = Field(default=30, ge=1)
    factor: float = Field(default=2, ge=1, le=10)
    most_seconds: int = Field(default=3600, ge=1)
    most_tries: int = Field(default=8, ge=1, le=100)

    def pause_after(self, tries: int) -> timedelta:
        """Return how long to wait after the ``tries``-th try, counted from 1."""
        seconds = float(self.first_seconds)
        for _ in range(tries - 1):
            if seconds >= self.most_seconds:
                break
            seconds *= self.factor
        return timedelta(seconds=min(seconds, self.most_seconds))


class OutsideBody(Declaration):
    """An outside body: what it takes, how it answers, by which adapter it is reached.

    ``settings`` belong to the adapter, which checks them. Addresses and secrets differ between
    installations and are never content.
    """

    key: str = Field(pattern=KEY, max_length=80)
    label: str
    label_en: str
    sort: BodySort
    adapter: str = "simulated"
    messages: tuple[Message, ...] = Field(min_length=1)
    stuck_after: Patience
    retry: Retry = Retry()
    time_out_seconds: int = Field(default=10, ge=1, le=60)
    settings: Mapping[str, Any] = Field(default_factory=dict)

    def find_message(self, key: str) -> Message | None:
        """Return a message by its key, or None."""
        return next((one for one in self.messages if one.key == key), None)

    def patience_for(self, message: Message) -> timedelta:
        """Return how long a request may wait for its answer before it counts as stuck."""
        return (message.stuck_after or self.stuck_after).span
