"""The demonstration as tests use it: the same packs and builders as ``yingshang demo``."""

from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from tests.kept import kept
from yingshang.cli.demonstration import build, import_builders
from yingshang.parties.actors import ANONYMOUS, Actor
from yingshang.parties.demo import demo_actor
from yingshang.parties.models import Account

PUBLIC = "public"


def build_demonstration() -> list[str]:
    """Have everything in the present database; return the user names, ``public`` first."""
    assert get_resolver().url_patterns  # pages register themselves when the address table is made
    import_builders()  # they also say where each page can be seen
    kept("demonstration", lambda: list(build()))
    return [PUBLIC, *Account.objects.order_by("username").values_list("username", flat=True)]


def actor_of(username: str) -> Actor:
    """Return one of the demonstration's people, or nobody in particular."""
    return ANONYMOUS if username == PUBLIC else demo_actor(username)


def client_of(username: str) -> Client:
    """Return a browser in which this person is signed in; faults become status 500."""
    client = Client(raise_request_exception=False)
    if username != PUBLIC:
        account = Account.objects.get(username=username)
        client.force_login(account, settings.AUTHENTICATION_BACKENDS[-1])
        session = client.session
        session["epoch"] = account.session_epoch
        session.save()
    return client
