"""People, logins and passwords."""

import pytest

from yingshang.ledger.models import Payload
from yingshang.parties import selectors
from yingshang.parties.actions import accounts, mandates
from yingshang.parties.actors import ANONYMOUS, NotPermitted
from yingshang.parties.errors import (
    AccountDisabled,
    NoSuchParty,
    NotYourParty,
    PasswordTooWeak,
    PersonKnown,
    UsernameTaken,
    WrongIdentityNumber,
    WrongPassword,
)
from yingshang.parties.models import Account, Person

from .conftest import Cast

IDENTITY = "11010519491231002X"


def test_an_account_begins_with_a_one_time_password_that_is_recorded_nowhere(cast: Cast) -> None:
    made = accounts.create_account(cast.root, person=cast.owner_person.ref, username="lin")
    assert made.account.check_password(made.initial_password)
    assert made.account.must_change_password
    bodies = "".join(Payload.objects.values_list("body", flat=True))
    assert made.initial_password not in bodies
    assert '"lin"' in bodies


def test_an_identity_number_is_checked_kept_as_a_digest_and_known_again(cast: Cast) -> None:
    person = accounts.create_person(cast.root, name="赵一", identity_number=IDENTITY)
    assert person.id_digest
    assert IDENTITY not in str(vars(person))
    with pytest.raises(PersonKnown):
        accounts.create_person(cast.root, name="赵一", identity_number=IDENTITY.lower())
    with pytest.raises(WrongIdentityNumber):
        accounts.create_person(cast.root, name="赵二", identity_number="110105194912310021")
    assert Person.objects.filter(name__startswith="赵").count() == 1


def test_a_username_is_taken_once(cast: Cast) -> None:
    cast.actor("li")
    with pytest.raises(UsernameTaken):
        accounts.create_account(cast.root, person=cast.owner_person.ref, username="li")


def test_changing_ones_password_signs_out_elsewhere(cast: Cast) -> None:
    made = accounts.create_account(cast.root, person=cast.owner_person.ref, username="lin")
    actor = selectors.actor_for(made.account, None, 1)
    changed = accounts.change_password(
        actor, current=made.initial_password, new="mountain-river-88"
    )
    assert changed.check_password("mountain-river-88")
    assert not changed.must_change_password
    assert changed.session_epoch == made.account.session_epoch + 1


@pytest.mark.parametrize(
    ("new", "error"), [("short", PasswordTooWeak), ("password123", PasswordTooWeak)]
)
def test_a_weak_password_is_refused(cast: Cast, new: str, error: type[Exception]) -> None:
    made = accounts.create_account(cast.root, person=cast.owner_person.ref, username="lin")
    actor = selectors.actor_for(made.account, None, 1)
    with pytest.raises(error):
        accounts.change_password(actor, current=made.initial_password, new=new)
    with pytest.raises(PasswordTooWeak):
        accounts.change_password(actor, current=made.initial_password, new=made.initial_password)
    with pytest.raises(WrongPassword):
        accounts.change_password(actor, current="wrong", new="mountain-river-88")


def test_nobody_in_particular_has_no_password_to_change() -> None:
    with pytest.raises(NotPermitted):
        accounts.change_password(ANONYMOUS, current="a", new="b")


@pytest.fixture
def market_admin(cast: Cast):
    return cast.actor("marketadmin", roles=("organ_administrator",), organ="market")


def account_of(username: str) -> Account:
    return Account.objects.get(username=username)


def test_an_organ_administrator_looks_after_its_own_accounts(cast: Cast, market_admin) -> None:
    cast.actor("inspector", roles=("inspector",), organ="market")
    reset = accounts.reset_password(market_admin, account=account_of("inspector").ref)
    assert reset.account.must_change_password
    accounts.disable_account(market_admin, account=account_of("inspector").ref, reason="调离")
    assert not account_of("inspector").is_active
    with pytest.raises(AccountDisabled):
        accounts.disable_account(market_admin, account=account_of("inspector").ref, reason="调离")
    with pytest.raises(AccountDisabled):
        accounts.reset_password(market_admin, account=account_of("inspector").ref)
    accounts.enable_account(market_admin, account=account_of("inspector").ref)
    assert account_of("inspector").is_active
    names = [a.username for a in selectors.list_accounts_for(market_admin)]
    assert names == ["inspector", "marketadmin"]


def test_another_organs_accounts_are_out_of_reach(cast: Cast, market_admin) -> None:
    cast.actor("treasurer", roles=("inspector",), organ="finance")
    account = account_of("treasurer")
    for attempt in (
        lambda: accounts.reset_password(market_admin, account=account.ref),
        lambda: accounts.disable_account(market_admin, account=account.ref, reason=""),
        lambda: accounts.enable_account(market_admin, account=account.ref),
        lambda: accounts.create_account(market_admin, person=account.person.ref, username="second"),
    ):
        with pytest.raises(NotYourParty):
            attempt()
    with pytest.raises(NoSuchParty):
        selectors.get_account_for(market_admin, account.ref)


def test_somebody_who_also_acts_elsewhere_is_out_of_reach(cast: Cast, market_admin) -> None:
    cast.actor("both", roles=("inspector",), organ="market")
    person = account_of("both").person
    mandates.grant_mandate(cast.root, person=person.ref, roles=("inspector",), organ="finance")
    with pytest.raises(NotYourParty):
        accounts.reset_password(market_admin, account=account_of("both").ref)


def test_an_unknown_account_is_missing(cast: Cast) -> None:
    with pytest.raises(NoSuchParty):
        accounts.reset_password(cast.root, account="none")


def test_without_the_permission_no_account_is_seen_or_made(cast: Cast) -> None:
    inspector = cast.actor("inspector", roles=("inspector",), organ="market")
    for attempt in (
        lambda: selectors.list_accounts_for(inspector),
        lambda: accounts.create_person(inspector, name="x"),
        lambda: accounts.create_account(inspector, person="x", username="x"),
    ):
        with pytest.raises(NotPermitted):
            attempt()
