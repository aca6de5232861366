"""A request that is sent again under its idempotency key: done once, and only for the same content."""

from typing import Any

from django.db.models import QuerySet

from yingshang.licences.errors import RequestKeyReused
from yingshang.parties.acting import AlreadyDone


def return_if_done(made: "QuerySet[Any]", key: str, same: dict[str, Any]) -> None:
    """End the action with what a request under this key made before.

    ``made`` are the rows that the actor made under the key, ``same`` what this request asks for, as filters.
    Raises :class:`RequestKeyReused` where the first asked for something else.
    """
    if not key or not made.exists():
        return
    found = made.filter(**same).first()
    if found is None:
        raise RequestKeyReused
    raise AlreadyDone(found)
