"""What pages say of the documents of a case: whether served, how, when, by which receipt, until when to object."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from yingshang.cases.models import Case
from yingshang.domains.counters.public import PickUpShown, pick_ups_of
from yingshang.domains.services.delivering.choosing import delivery_of, hall_name
from yingshang.domains.services.delivering.serving import (
    Document,
    LicencePaper,
    documents_of,
    name_of,
    title_of,
)
from yingshang.domains.services.models import Delivery, DeliveryMeans
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import Limit, LimitKind, deadline
from yingshang.licences.models import Decision, Serving, ServingState

SERVE_WITHIN = Limit(10, LimitKind.WORKING)
"""Within which a permit is delivered (行政许可法第四十四条)."""
REVIEW_WITHIN, SUE_WITHIN = Limit(60, LimitKind.CALENDAR), Limit(6, LimitKind.MONTH)
"""From service: 行政复议法第二十条、行政诉讼法第四十六条."""


@dataclass(frozen=True)
class Remedies:
    """To whom, and until when, an addressee may turn against a decision that was served."""

    review_organ: str
    review_until: date
    court: str
    sue_until: date


@dataclass(frozen=True)
class PaperShown:
    """One document or licence of a case, and how far its service is."""

    document: Document
    name: str
    title: str
    state: str
    tone: str
    serving: Serving | None = None
    pick_up: PickUpShown | None = None
    serve_by: date | None = None
    remedies: Remedies | None = None

    @property
    def is_licence(self) -> bool:
        """Tell whether it is a licence."""
        return not isinstance(self.document, Decision)

    @property
    def is_open_to_addressee(self) -> bool:
        """Tell whether the addressee may look at it here: it was served, by whatever means."""
        return self.serving is not None and self.serving.state == ServingState.SERVED

    @property
    def sort(self) -> str:
        """Return which sort of document it is, as the pages of service call it."""
        return "licence" if self.is_licence else "decision"


def papers_shown(case: Case) -> list[PaperShown]:
    """Return what a case issued, with how far each is served."""
    documents = {name_of(one): one for one in documents_of(case)}
    if not documents:
        return []
    servings = _latest(documents)
    waiting = pick_ups_of(documents)
    wish = delivery_of(case)
    return [
        _shown(name, one, servings.get(name), waiting.get(name), wish)
        for name, one in documents.items()
    ]


def _latest(documents: Mapping[str, Document]) -> dict[str, Serving]:
    rows = Serving.objects.filter(document__in=documents).order_by("pk")
    found: dict[str, Serving] = {}
    for one in rows:
        if one.document not in found or found[one.document].state != ServingState.SERVED:
            found[one.document] = one
    return found


def _shown(
    name: str,
    document: Document,
    serving: Serving | None,
    pick_up: PickUpShown | None,
    wish: Delivery | None,
) -> PaperShown:
    replaced = isinstance(document, LicencePaper) and not document.is_current
    state, tone = _state(serving, pick_up, wish)
    if replaced and serving is None:
        state, tone = gettext("已由新版代替"), "neutral"
    served = replaced or (serving is not None and serving.state == ServingState.SERVED)
    return PaperShown(
        document,
        name,
        title_of(document),
        state,
        tone,
        serving,
        pick_up if pick_up is not None and pick_up.handed_over_at is None else None,
        None if served else deadline(document.issued_on, SERVE_WITHIN).on,
        _remedies(document, serving),
    )


def _state(
    serving: Serving | None, pick_up: PickUpShown | None, wish: Delivery | None
) -> tuple[str, str]:
    if serving is not None and serving.state == ServingState.SERVED:
        return gettext("已送达"), "good"
    if pick_up is not None and pick_up.handed_over_at is None:
        return gettext("可领取"), "active"
    if serving is not None and serving.state == ServingState.SENT:
        return gettext("已发出，待签收"), "active"
    if wish is not None and wish.means == DeliveryMeans.POST:
        return gettext("待邮寄"), "warn"
    return gettext("待送达"), "warn"


def _remedies(document: Document, serving: Serving | None) -> Remedies | None:
    if not isinstance(document, Decision) or serving is None or serving.served_at is None:
        return None
    fields = document.record["fields"]
    if not (fields.get("review_organ") and fields.get("court")):
        return None
    on = serving.served_at.astimezone(SHANGHAI).date()
    return Remedies(
        str(fields["review_organ"]),
        deadline(on, REVIEW_WITHIN).on,
        str(fields["court"]),
        deadline(on, SUE_WITHIN).on,
    )


def delivery_text(wish: Delivery | None) -> str:
    """Return in words how the result is to be delivered."""
    if wish is None:
        return gettext("没有选择")
    if wish.means == DeliveryMeans.COUNTER:
        return gettext("到%(hall)s领取") % {"hall": hall_name(wish.hall)}
    if wish.means == DeliveryMeans.POST:
        return gettext("邮寄：%(who)s %(phone)s %(address)s") % {
            "who": wish.recipient,
            "phone": wish.phone,
            "address": wish.address,
        }
    return str(DeliveryMeans.ELECTRONIC.label)
