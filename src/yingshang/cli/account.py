"""``yingshang account``: the first administrator of an installation."""

import os

import click

from yingshang.cli.output import plain_errors


@click.group()
def account() -> None:
    """Accounts."""


@account.command()
@click.option("--organ", required=True, help="key of the organ, as its pack declares it")
@click.option("--name", required=True, help="the person's name")
@click.option("--username", required=True)
@click.option("--role", default="district_administrator", show_default=True)
@plain_errors
def create(organ: str, name: str, username: str, role: str) -> None:
    """Open an account with one mandate and print its one-time password."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    import django

    django.setup()
    from django.db import transaction

    from yingshang.parties.actions.accounts import create_account, create_person
    from yingshang.parties.actions.mandates import grant_mandate
    from yingshang.parties.actors import system_actor
    from yingshang.parties.permissions import ADMINISTER_ALL, GRANT_MANDATES, MANAGE_ACCOUNTS

    actor = system_actor("command", ADMINISTER_ALL, GRANT_MANDATES, MANAGE_ACCOUNTS)
    with transaction.atomic():
        person = create_person(actor, name=name)
        made = create_account(actor, person=person.ref, username=username)
        grant_mandate(
            actor, person=person.ref, roles=(role,), organ=organ, ground="yingshang account create"
        )
    click.echo(f"{username}: {made.initial_password}  (to be changed at the first login)")
