"""What the shell of every page needs: the face, its navigation, the actor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yingshang.parties.actors import ANONYMOUS


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the base templates."""
    return {
        "actor": getattr(request, "actor", ANONYMOUS),
        "page": getattr(request, "page", None),
        "demo": settings.DEMO,
    }
