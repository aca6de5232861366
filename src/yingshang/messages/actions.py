"""What a subject does with its messages, and what a sender tells of them."""

from django.db.models import Q

from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.messages.errors import CannotDecline, NoSuchMessage, UnknownSortOfMessage
from yingshang.messages.models import Declined, Message
from yingshang.messages.permissions import RECEIVE
from yingshang.messages.selectors import UNREAD
from yingshang.messages.sorts import SORTS
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@action("messages.open", permission=RECEIVE)
def open_message(actor: Actor, *, message: str) -> Message:
    """Open a message: the first time counts as reading it. Raises ``NoSuchMessage``."""
    found = _locked(actor, message)
    if found.read_at is not None:
        raise AlreadyDone(found)
    found.read_at = now()
    found.save(update_fields=["read_at"])
    _record("messages.opened", actor, found)
    return found


@action("messages.follow", permission=RECEIVE)
def follow_message(actor: Actor, *, message: str) -> Message:
    """Follow a message to its page, which reads it too. Raises ``NoSuchMessage``."""
    found = _locked(actor, message)
    if found.clicked_at is not None:
        raise AlreadyDone(found)
    found.clicked_at = now()
    found.read_at = found.read_at or found.clicked_at
    found.save(update_fields=["clicked_at", "read_at"])
    _record("messages.followed", actor, found)
    return found


@action("messages.clear", permission=RECEIVE)
def clear_messages(actor: Actor) -> int:
    """Put all unread messages among the read ones, without counting them as opened; return how many."""
    unread = Message.objects.filter(UNREAD, subject=_subject(actor))
    cleared = unread.update(cleared_at=now())
    if not cleared:
        raise AlreadyDone(0)
    record(
        "messages.cleared",
        actor=actor.ref,
        subject=f"subject:{_subject(actor).ref}",
        payload={"messages": cleared},
    )
    return cleared


@action("messages.choose", permission=RECEIVE)
def choose_messages(actor: Actor, *, declined: tuple[str, ...]) -> tuple[str, ...]:
    """Say which sorts of message the subject does not want; all others are wanted.

    Raises :class:`~yingshang.messages.errors.CannotDecline` for what the law requires, and
    :class:`~yingshang.messages.errors.UnknownSortOfMessage`.
    """
    for name in declined:
        known = SORTS.find(name)
        if known is None:
            raise UnknownSortOfMessage(params={"sort": name}, field="declined")
        if known.legal:
            said = {"sort": str(known.label), "legal": str(known.legal)}
            raise CannotDecline(params=said, field="declined")
    subject, chosen = _subject(actor), set(declined)
    held = set(Declined.objects.filter(subject=subject).values_list("sort", flat=True))
    if held == chosen:
        raise AlreadyDone(tuple(sorted(chosen)))
    Declined.objects.filter(subject=subject, sort__in=held - chosen).delete()
    moment = now()
    Declined.objects.bulk_create(
        Declined(subject=subject, sort=name, since=moment) for name in sorted(chosen - held)
    )
    record(
        "messages.chosen",
        actor=actor.ref,
        subject=f"subject:{subject.ref}",
        payload={"declined": sorted(chosen)},
    )
    return tuple(sorted(chosen))


def mark_acted(about: str, subject: Subject) -> int:
    """Note that a subject did what messages about a thing were for, inside the caller's transaction.

    Returns how many messages it was; the caller records what was done.
    """
    asked = Q(subject=subject, about=about, acted_at=None)
    return Message.objects.filter(asked).update(acted_at=now())


def _locked(actor: Actor, ref: str) -> Message:
    own = Message.objects.filter(subject=actor.subject_id or 0, ref=ref)
    found = own.select_related("subject").select_for_update(of=("self",)).first()
    if found is None:
        raise NoSuchMessage
    return found


def _subject(actor: Actor) -> Subject:
    found = Subject.objects.filter(pk=actor.subject_id or 0).first()
    if found is None:
        raise NoSuchMessage
    return found


def _record(kind: str, actor: Actor, message: Message) -> None:
    record(
        kind,
        actor=actor.ref,
        subject=f"subject:{message.subject.ref}",
        payload={"message": message.ref, "sort": message.sort, "about": message.about},
    )
