"""Matters in the portal's search, by their name and by what the services in them are called."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.bundles.declaring import Bundle
from yingshang.domains.services.catalogue.reading import item_names
from yingshang.search.indexing import PUBLIC, index, search_kind

MATTER = search_kind("matter", _("一件事"))


def install_bundle(bundle: Bundle) -> None:
    """Put a bundle into the portal's search, in the caller's transaction."""
    items = item_names(one.item for one in bundle.steps).values()
    words = (word for item in items for word in (item.name, *item.words))
    index(
        MATTER,
        bundle.key,
        title=bundle.label,
        text=" ".join((bundle.label_en, bundle.about, bundle.about_en, *words)),
        url=reverse("portal:one-matter-guide", args=[bundle.key]),
        face="portal",
        audience=(PUBLIC,),
    )
