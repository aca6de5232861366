"""A seal maker that can be told how to behave, a clock that stands still, somebody who asks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import get_resolver

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.kernel.errors import Conflict
from yingshang.kernel.kinds import KINDS
from yingshang.kernel.times import FrozenClock, frozen, now, today
from yingshang.outside.asking import ask
from yingshang.outside.listeners import ANSWERED
from yingshang.outside.models import Answer, Request
from yingshang.outside.reconciling import settle_unknown
from yingshang.outside.sending import send_due
from yingshang.outside.simulators.calling import call_back
from yingshang.outside.simulators.models import SimulatedMessage
from yingshang.outside.sweeping import sweep
from yingshang.parties.actors import Actor

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
SEALS: dict[str, Any] = {
    "key": "seals",
    "label": "印章制作单位",
    "label_en": "Seal maker",
    "sort": "seal_maker",
    "stuck_after": {"days": 2},
    "retry": {"first_seconds": 30, "factor": 2, "most_seconds": 600, "most_tries": 4},
    "messages": [
        {
            "key": "make_seal",
            "label": "刻制印章",
            "label_en": "Make a seal",
            "fields": [
                {"key": "holder", "label": "名称", "label_en": "Name", "required": True},
                {"key": "id_number", "label": "证件", "label_en": "Identity", "sensitive": True},
                {"key": "copies", "label": "枚数", "label_en": "Copies", "type": "number"},
            ],
            "answers": {
                "accepted": [{"key": "number", "label": "受理号", "label_en": "Number"}],
                "done": [
                    {"key": "seal", "label": "编码", "label_en": "Code", "required": True},
                    {"key": "pin", "label": "口令", "label_en": "PIN", "sensitive": True},
                ],
                "refused": [
                    {"code": "name", "label": "名称不符", "label_en": "Name differs"},
                    {"code": "papers", "label": "材料不全", "label_en": "Papers missing"},
                ],
            },
        }
    ],
}


def store(body: dict[str, Any]) -> ContentVersion:
    """Store a body's declaration as the version in force."""
    plain = canonical_body(KINDS.get("outside_body").model.model_validate(body))
    same = ContentVersion.objects.filter(kind="outside_body", key=body["key"])
    same.update(is_current=False)
    return ContentVersion.objects.create(
        kind="outside_body",
        key=body["key"],
        number=same.count() + 1,
        pack="trial",
        body=plain,
        digest=digest_of(plain),
        valid_from=today(),
        loaded_at=now(),
    )


EVERYTHING = frozenset(
    f"outside.{name}" for name in ("read_all", "ask", "resolve", "operate", "simulate")
)
DESK = Actor(ref="account:desk", account_id=1, permissions=EVERYTHING, name="郑立")


class Bench:
    """The seal maker, whoever asks it, and what the listeners were told."""

    body = "seals"

    def __init__(self, clock: FrozenClock) -> None:
        assert get_resolver().url_patterns
        self.clock = clock
        self.told: list[tuple[str, str]] = []
        self.deaf = False
        self.behave()

    def behave(self, **behaviour: Any) -> None:
        """Let the body behave like this from now on."""
        settings = {"behaviour": behaviour, "samples": {"seal": "3397######"}}
        store({**SEALS, "settings": settings})

    def ask(self, about: str = "case:1", **more: Any) -> Request:
        """Ask for a seal."""
        given = {"payload": {"holder": "甲公司", "id_number": "110101199003070003"}, **more}
        with transaction.atomic():
            return ask(
                Actor(ref="account:1", name="吴敏"),
                body="seals", message="make_seal", about=about, **given,
            )  # fmt: skip

    def go(self, **span: float) -> None:
        """Let time pass, then let everybody do what is due."""
        self.clock.set(self.clock.moment + timedelta(**span))
        self.round()

    def round(self) -> None:
        """Let sweeper, sender and body do what is due now."""
        sweep("seals")
        settle_unknown("seals")
        send_due("seals")
        call_back("seals")

    def told_by(self, request: Request) -> list[str]:
        """Return the answers of which the listeners were told."""
        return [status for ref, status in self.told if ref == request.ref]

    def held(self, request: Request) -> SimulatedMessage | None:
        """Return what the body has of a request."""
        return SimulatedMessage.objects.filter(message_id=request.ref).first()

    def listen(self, _actor: Actor, request: Request, answer: Answer) -> None:
        """Note an answer, or refuse to."""
        if self.deaf:
            raise Conflict("办件已经办结", code="deaf")
        self.told.append((request.ref, answer.status))


@pytest.fixture
def secrets(settings: Any, tmp_path: Any) -> None:
    """Keep the bodies' secrets in the test's own folder."""
    settings.OUTSIDE_SECRETS_DIR = tmp_path / "secrets"


@pytest.fixture
def make_bench(secrets: None) -> Iterator[Callable[[], Bench]]:
    """Return what builds the bench in whatever database the test uses."""
    benches: list[Bench] = []

    def listen(*told: Any) -> None:
        for bench in benches[-1:]:
            bench.listen(*told)

    with frozen(START) as clock:
        ANSWERED.add("trial", listen)

        def make() -> Bench:
            benches.append(Bench(clock))
            clock.set(START)
            return benches[-1]

        yield make
        ANSWERED._things.pop("trial")


@pytest.fixture
def bench(db: None, make_bench: Callable[[], Bench]) -> Bench:
    """Return the bench."""
    return make_bench()
