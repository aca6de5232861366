"""The demonstration, and programs that send requests as its people."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.demonstration import actor_of, build_demonstration
from yingshang.api import limits
from yingshang.api.actions import create_token
from yingshang.api.models import AccessToken
from yingshang.kernel.times import today

ROOT = "/api/v1/"


@dataclass
class Program:
    """Sends requests with one person's access token."""

    client: Client
    secret: str = ""
    token: AccessToken | None = None

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send one request; names of headers are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        data = b"" if body is None else json.dumps(body)
        return self.client.generic(
            method, ROOT + path, data, content_type="application/json", headers=sent
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Read something."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Do something."""
        return self.send("POST", path, body, **headers)


@pytest.fixture(autouse=True)
def empty_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test count another's requests."""
    monkeypatch.setattr(limits, "BUCKETS", limits.Buckets())


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """Return a maker of programs; without a user name it is anybody's."""
    build_demonstration()

    def make(username: str = "", *, writes: bool = True, scopes: tuple[str, ...] = ()) -> Program:
        client = Client(raise_request_exception=False)
        if not username:
            return Program(client)
        made = create_token(
            actor_of(username),
            name="试",
            expires_on=today() + timedelta(days=1),
            writes=writes,
            scopes=scopes,
        )
        return Program(client, made.secret, made.token)

    return make
