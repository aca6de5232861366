"""Named views of licences and documents for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.licences.codes import code_of
from yingshang.licences.models import Licence, LicenceCopy
from yingshang.licences.selectors import (
    get_copy_for,
    get_licence_for,
    list_decisions_for,
    list_licences_for,
    list_servings_for,
)
from yingshang.licences.verifying import verify
from yingshang.parties.actors import Actor


def licence_summary(licence: Licence) -> dict[str, Any]:
    """Return one line of a list."""
    return {
        "ref": licence.ref,
        "kind": licence.kind,
        "number": licence.number,
        "holder": licence.holder_name,
        "issuer": licence.issuer.key,
        "state": str(licence.state),
        "version": licence.version,
        "valid_from": licence.valid_from.isoformat(),
        "valid_to": licence.valid_to.isoformat() if licence.valid_to else None,
        "origin": licence.origin,
    }


@view("licences.licence")
def licence_view(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return a licence as its page shows it."""
    licence = get_licence_for(actor, ref)
    events = licence.events.order_by("seq").values_list("kind", flat=True)
    fields = licence.present.record["fields"]
    return {**licence_summary(licence), "fields": fields, "events": list(events)}


@view("licences.licences")
def licences_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the licences that the actor may see, the first issued first."""
    return [licence_summary(licence) for licence in list_licences_for(actor).order_by("pk")]


@view("licences.decisions")
def decisions_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the documents that the actor may see, the first made first."""
    return [
        {
            "ref": one.ref,
            "template": one.template.key,
            "number": one.number,
            "organ": one.organ.key,
            "addressee": one.addressee,
            "origin": one.origin,
        }
        for one in list_decisions_for(actor).order_by("pk")
    ]


@view("licences.servings")
def servings_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the services of documents that the actor may see, the first sent first."""
    return [
        {
            "ref": one.ref,
            "number": one.number,
            "means": str(one.means),
            "state": str(one.state),
            "served": one.served_at is not None,
            "confirmed": one.confirmed_at is not None,
        }
        for one in list_servings_for(actor).order_by("pk")
    ]


@view("licences.verification")
def verification_view(actor: Actor, *, licence: str = "", copy: str = "") -> dict[str, Any]:
    """Return what anybody learns by scanning the code on the actor's licence, or on its copy."""
    if copy:
        found: Licence | LicenceCopy = get_copy_for(actor, copy)
    else:
        found = get_licence_for(actor, licence)
    identifier = found.identifier if isinstance(found, Licence) else found.ref
    told = verify(identifier, code_of(identifier))
    return {
        "state": told.state,
        "title": told.title,
        "holder": told.holder,
        "number": told.number,
        "purpose": told.purpose,
    }
