"""Lists of cases narrowed to one service item."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.cases.selectors import NARROWINGS, Narrowing
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.catalogue.reading import list_services


def _choices() -> list[tuple[str, str]]:
    handled = [one for one in list_services() if one.item.procedure is not None]
    return [(one.key, local(one.item, "name")) for one in handled]


def _of_service(key: str) -> Q:
    return Q(data__service__startswith=f"{key}@")


NARROWINGS.add("service", Narrowing(_("事项"), _choices, _of_service))
