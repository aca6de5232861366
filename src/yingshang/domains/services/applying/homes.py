"""Where the draft of an application is filled and handed in: nowhere but on the service's own page."""

from django.urls import reverse

from yingshang.forms.homes import home
from yingshang.forms.models import Draft
from yingshang.parties.actors import Actor


@home("services")
def application_page(actor: Actor, draft: Draft) -> str:
    """Return the page of an application's draft; nothing for a draft that is none."""
    if "service" not in draft.context:
        return ""
    name = "desk:fill-for" if actor.is_official else "portal:fill-application"
    return reverse(name, kwargs={"draft": draft.ref})
