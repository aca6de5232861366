"""A firm, a few rules over the trial catalogue, and the people who look."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.domains.checkups.checking import Report, check_up
from yingshang.facts.tests.conftest import Stage, stage
from yingshang.kernel.kinds import KINDS
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account

__all__ = ["Cabinet", "browser_of", "cabinet", "stage"]

OWN = ("facts.read_own", "facts.claim_own", "messages.receive")


class Cabinet:
    """Puts rules and tags in force and checks the firm against them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        assert get_resolver().url_patterns
        self.runner = stage.owner(stage.firm, *OWN)

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Store one declaration as the version in force."""
        one = KINDS.get(kind).model.model_validate(body)
        plain = canonical_body(one)
        ContentVersion.objects.create(
            kind=kind, key=one.key, number=1, pack="trial", body=plain, digest=digest_of(plain),
            valid_from=today(), loaded_at=now(),
        )  # fmt: skip

    def rule(self, key: str, condition: Any, **more: Any) -> None:
        """Put a rule in force."""
        plain = {
            "key": key,
            "title": f"政策{key}",
            "title_en": f"Policy {key}",
            "source": "试点办法",
            "valid_from": "2026-01-01",
            "condition": condition,
        }
        self.put("policy", {**plain, **more})

    def check(self) -> Report:
        """Check the firm as its own errand-runner."""
        return check_up(self.runner, self.stage.firm)


@pytest.fixture
def cabinet(stage: Stage) -> Cabinet:
    """Return an empty cabinet."""
    return Cabinet(stage)


def browser_of(actor: Actor) -> Client:
    """Return a browser in which an actor is signed in."""
    account = Account.objects.get(pk=actor.account_id)
    client = Client()
    client.force_login(account, settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session["epoch"] = account.session_epoch
    session.save()
    return client
