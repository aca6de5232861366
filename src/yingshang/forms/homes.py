"""Where a draft is filled and handed in: whoever began it for something of its own says so.

::

    @home("services")
    def address(actor: Actor, draft: Draft) -> str:
        return reverse("portal:fill-application", args=[draft.ref]) if … else ""
"""

from collections.abc import Callable

from yingshang.forms.models import Draft
from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor

Home = Callable[[Actor, Draft], str]
"""Takes the actor and a draft; returns the address of its page, or nothing for one of others."""

HOMES: Registry[Home] = Registry("home of drafts")


def home(name: str) -> Callable[[Home], Home]:
    """Register whose drafts are filled where."""
    return HOMES.named(name)


def home_of(actor: Actor, draft: Draft) -> str:
    """Return the address of the page that a draft belongs to; nothing where it is nobody's."""
    return next((found for _name, where in HOMES if (found := where(actor, draft))), "")
