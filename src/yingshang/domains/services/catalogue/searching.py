"""Services in the portal's search: by name, by what people call them, by guide."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.content.selectors import declaration_of
from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.models import ImplementationVersion
from yingshang.search.indexing import PUBLIC, index, remove, search_kind

SERVICE = search_kind("service", _("办事"))


def index_implementation(version: ImplementationVersion) -> None:
    """Put what was published into the portal's search, in the caller's transaction."""
    item = declaration_of(version.item)
    assert isinstance(item, ServiceItem)
    organ = version.implementation.organ
    text = " ".join(
        (item.name_en, item.about, *item.words, item.result_name, organ.name, *item.conditions)
    )
    index(
        SERVICE,
        version.implementation.key,
        title=item.name,
        text=text,
        url=reverse("portal:service", args=[version.implementation.key]),
        face="portal",
        audience=(PUBLIC,),
    )


def hide_implementation(key: str) -> None:
    """Take a service that ended out of the search."""
    remove(SERVICE, [key], face="portal")
