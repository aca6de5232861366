"""Storing what packs declare: an implementation's elements become a published version.

Once an organ changed an implementation on the desk, a pack no longer overrides it: what the pack
brings is kept as an offer, for somebody to propose.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

import rfc8785
from django.db.models import Max

from yingshang.content.actions import canonical_body
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import get_current
from yingshang.domains.services.catalogue.declaring import Implementation, ServiceItem
from yingshang.domains.services.catalogue.names import ITEM
from yingshang.domains.services.catalogue.searching import index_implementation
from yingshang.domains.services.models import ImplementationVersion, ServiceImplementation
from yingshang.kernel.times import now
from yingshang.parties.models import Organ

PACK = "pack"


def install_item(item: ServiceItem) -> None:
    """Let every published implementation of an item follow the item's new version."""
    version = get_current(ITEM, item.key)
    for found in ServiceImplementation.objects.filter(item=item.key):
        last = latest_published(found)
        if last is not None and last.item_id != version.pk:
            stored = store_version(
                found, version, last.body, origin=PACK, state="published", by=PACK
            )
            index_implementation(stored)


def install_implementation(declared: Implementation) -> None:
    """Store a pack's implementation; as an offer where the organ has changed it since."""
    organ = Organ.objects.get(key=declared.organ)
    found, _made = ServiceImplementation.objects.update_or_create(
        key=declared.key,
        defaults={"item": declared.item, "organ": organ, "level": declared.level},
    )
    body = canonical_body(declared)
    digest = digest_of(body)
    last = latest_published(found)
    if last is not None and last.digest == digest:
        return
    changed_here = found.versions.filter(state="published").exclude(origin=PACK).exists()
    found.versions.filter(state="offered").update(state="refused")
    stored = store_version(
        found,
        get_current(ITEM, declared.item),
        body,
        origin=PACK,
        state="offered" if changed_here else "published",
        by=PACK,
    )
    if stored.state == "published":
        index_implementation(stored)


def digest_of(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a body."""
    return sha256(rfc8785.dumps(dict(body))).hexdigest()


def latest_published(implementation: ServiceImplementation) -> ImplementationVersion | None:
    """Return the version that was published last, in force or not yet."""
    return implementation.versions.filter(state="published").order_by("-number").first()


def store_version(
    implementation: ServiceImplementation,
    item: ContentVersion,
    body: Mapping[str, Any],
    *,
    origin: str,
    state: str,
    by: str,
) -> ImplementationVersion:
    """Store one more version, inside the caller's transaction."""
    most = implementation.versions.aggregate(most=Max("number"))["most"] or 0
    moment = now()
    return ImplementationVersion.objects.create(
        implementation=implementation,
        number=most + 1,
        item=item,
        body=dict(body),
        digest=digest_of(body),
        origin=origin,
        state=state,
        valid_from=date.fromisoformat(body["valid_from"]),
        valid_to=date.fromisoformat(body["valid_to"]) if body.get("valid_to") else None,
        proposed_by=by,
        proposed_at=moment,
        published_by=by if state == "published" else "",
        published_at=moment if state == "published" else None,
    )
