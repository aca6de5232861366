"""What an account may do about its own sessions: start them and end them."""

from importlib import import_module

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Missing
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account
from yingshang.web.models import SignedInSession
from yingshang.web.selectors import list_open_sessions_for, own_account_id


class NoSuchSession(Missing):
    """The actor has no open session of that reference."""

    code = "no_such_session"
    message = _("没有找到这次登录，它可能已经退出。")


@action("web.start_session", permission=ANYONE_SIGNED_IN)
def start_session(actor: Actor, *, key: str, address: str | None, device: str) -> SignedInSession:
    """Note that the actor's account signed in with this browser session."""
    moment = now()
    session = SignedInSession.objects.create(
        account_id=own_account_id(actor),
        key=key,
        started_at=moment,
        seen_at=moment,
        address=address,
        device=device[:120],
    )
    _record(actor, "web.session_started", session)
    return session


@action("web.end_session", permission=ANYONE_SIGNED_IN)
def end_session(actor: Actor, *, ref: str) -> None:
    """End one of the actor's own sessions; raises :class:`NoSuchSession`."""
    session = (
        SignedInSession.objects.select_for_update()
        .filter(account_id=own_account_id(actor), ref=ref, ended_at=None)
        .first()
    )
    if session is None:
        raise NoSuchSession
    _end(actor, session)


@action("web.end_all_sessions", permission=ANYONE_SIGNED_IN)
def end_all_sessions(actor: Actor) -> int:
    """Sign the actor's account out everywhere, this browser included; return how many sessions ended."""
    sessions = list(list_open_sessions_for(actor).select_for_update())
    for session in sessions:
        _end(actor, session)
    _raise_epoch(actor)
    record(
        "web.all_sessions_ended",
        actor=actor.ref,
        subject=f"account:{_account_of(actor).ref}",
        payload={"sessions": len(sessions)},
    )
    return len(sessions)


def _end(actor: Actor, session: SignedInSession) -> None:
    session.ended_at = now()
    session.save(update_fields=["ended_at"])
    import_module(settings.SESSION_ENGINE).SessionStore(session.key).delete()
    _record(actor, "web.session_ended", session)


def _raise_epoch(actor: Actor) -> None:
    Account.objects.filter(pk=own_account_id(actor)).update(session_epoch=F("session_epoch") + 1)


def _account_of(actor: Actor) -> Account:
    return Account.objects.get(pk=own_account_id(actor))


def _record(actor: Actor, kind: str, session: SignedInSession) -> None:
    record(
        kind,
        actor=actor.ref,
        subject=f"account:{session.account.ref}",
        payload={"session": session.ref, "device": session.device},
    )
