"""People and their logins."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.refs import ALPHABET
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actions.finding import (
    lock_account_in_scope,
    lock_person,
    require_only_own_parties,
    stripped,
)
from yingshang.parties.actors import Actor
from yingshang.parties.errors import (
    AccountDisabled,
    PasswordTooWeak,
    PersonKnown,
    UsernameTaken,
    WrongPassword,
)
from yingshang.parties.identities import identity_digest
from yingshang.parties.models import Account, Person
from yingshang.parties.permissions import MANAGE_ACCOUNTS


@dataclass(frozen=True)
class NewAccount:
    """An account with the password that is shown once and must be changed at the first login."""

    account: Account
    initial_password: str


@action("parties.create_person", permission=MANAGE_ACCOUNTS)
def create_person(
    actor: Actor, *, name: str, identity_number: str = "", phone: str = "", email: str = ""
) -> Person:
    """Enter a person; the identity number is kept only as a keyed digest.

    Raises ``EmptyName``, ``WrongIdentityNumber``, ``PersonKnown``.
    """
    digest = identity_digest(identity_number) if identity_number else None
    if digest and Person.objects.filter(id_digest=digest).exists():
        raise PersonKnown(field="identity_number")
    person = Person.objects.create(
        name=stripped(name), id_digest=digest, phone=phone.strip(), email=email.strip()
    )
    record("parties.person_created", actor=actor.ref, subject=f"person:{person.ref}", payload={})
    return person


@action("parties.create_account", permission=MANAGE_ACCOUNTS)
def create_account(actor: Actor, *, person: str, username: str) -> NewAccount:
    """Open a login with a one-time password, for a person who acts for no party but the actor's own.

    Otherwise whoever reads the one-time password could act with another organ's mandates. Raises
    ``NoSuchParty``, ``NotYourParty``, ``EmptyName``, ``UsernameTaken``.
    """
    holder, name = lock_person(person), stripped(username)
    require_only_own_parties(actor, holder.pk, may_be_none=True)
    if Account.objects.filter(username=name).exists():
        raise UsernameTaken(field="username", params={"username": name})
    password = _new_password()
    account = Account(username=name, person=holder, must_change_password=True)
    account.set_password(password)
    account.save()
    _record(actor, account, "parties.account_created", username=name)
    return NewAccount(account, password)


@action("parties.reset_password", permission=MANAGE_ACCOUNTS)
def reset_password(actor: Actor, *, account: str) -> NewAccount:
    """Replace a forgotten password by a one-time one and sign the account out everywhere.

    Raises ``NoSuchParty``, ``NotYourParty``, ``AccountDisabled``.
    """
    found = lock_account_in_scope(actor, account)
    if not found.is_active:
        raise AccountDisabled
    password = _new_password()
    _set(found, password, must_change=True)
    _record(actor, found, "parties.password_reset")
    return NewAccount(found, password)


@action("parties.change_password", permission=ANYONE_SIGNED_IN)
def change_password(actor: Actor, *, current: str, new: str) -> Account:
    """Change one's own password and sign out everywhere else. Raises ``WrongPassword``, ``PasswordTooWeak``."""
    account = Account.objects.select_for_update().get(pk=actor.account_id or 0)
    if not account.check_password(current):
        raise WrongPassword(field="current")
    if current == new:
        raise PasswordTooWeak(field="new", params={"why": _("与当前密码相同")})
    try:
        validate_password(new, account)
    except ValidationError as error:
        why = "".join(error.messages)
        raise PasswordTooWeak(field="new", params={"why": why}) from error
    _set(account, new, must_change=False)
    _record(actor, account, "parties.password_changed")
    return account


@action("parties.disable_account", permission=MANAGE_ACCOUNTS)
def disable_account(actor: Actor, *, account: str, reason: str) -> Account:
    """Take an account out of use and sign it out. Raises ``NoSuchParty``, ``NotYourParty``, ``AccountDisabled``."""
    found = lock_account_in_scope(actor, account)
    if not found.is_active:
        raise AccountDisabled
    Account.objects.filter(pk=found.pk).update(
        is_active=False, session_epoch=F("session_epoch") + 1
    )
    found.refresh_from_db()
    _record(actor, found, "parties.account_disabled", reason=reason)
    return found


@action("parties.enable_account", permission=MANAGE_ACCOUNTS)
def enable_account(actor: Actor, *, account: str) -> Account:
    """Put an account back into use. Raises ``NoSuchParty``, ``NotYourParty``."""
    found = lock_account_in_scope(actor, account)
    found.is_active = True
    found.save(update_fields=["is_active"])
    _record(actor, found, "parties.account_enabled")
    return found


def _new_password() -> str:
    """Return 80 random bits in four groups that can be read out over the telephone."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _set(account: Account, password: str, *, must_change: bool) -> None:
    account.set_password(password)
    account.must_change_password = must_change
    account.session_epoch += 1
    account.save(update_fields=["password", "must_change_password", "session_epoch"])


def _record(actor: Actor, account: Account, kind: str, **payload: Any) -> None:
    record(kind, actor=actor.ref, subject=f"account:{account.ref}", payload=payload)
