"""Reads about parties, access-checked where they concern somebody."""

from django.db.models import QuerySet

from yingshang.kernel.times import today
from yingshang.parties.actors import Actor, Assurance
from yingshang.parties.models import Account, Mandate, valid_on


def list_mandates_of(account: Account) -> QuerySet[Mandate]:
    """Return the mandates under which the account's person may act today, organs first."""
    return (
        Mandate.objects.filter(valid_on(today()), person_id=account.person_id, revoked_at=None)
        .select_related("organ", "subject", "person")
        .prefetch_related("roles")
        .order_by("organ__order", "subject__name", "pk")
    )


def actor_for(account: Account, mandate_ref: str | None, assurance: Assurance) -> Actor:
    """Return the actor for an account under one of its mandates, or under none when it has no such."""
    mandates = list(list_mandates_of(account))
    chosen = next((m for m in mandates if m.ref == mandate_ref), mandates[0] if mandates else None)
    if chosen is None or chosen.assurance > assurance:
        return Actor(
            ref=f"account:{account.ref}",
            account_id=account.pk,
            person_id=account.person_id,
            assurance=assurance,
            name=account.person.name,
        )
    roles = list(chosen.roles.all())
    party = chosen.organ or chosen.subject
    return Actor(
        ref=f"account:{account.ref}/mandate:{chosen.ref}",
        account_id=account.pk,
        person_id=account.person_id,
        mandate_id=chosen.pk,
        organ_id=chosen.organ_id,
        subject_id=chosen.subject_id,
        roles=frozenset(role.key for role in roles),
        permissions=frozenset(p for role in roles for p in role.permissions),
        assurance=assurance,
        name=account.person.name,
        party_name=str(party),
    )
