"""What can be claimed only until some day, and who claimed it, as matching asks in order to remind."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from yingshang.content.models import ContentVersion
from yingshang.domains.claims.items.book import Item, item_of, list_items
from yingshang.domains.claims.models import Claim
from yingshang.domains.matching.public import CLOSING, Closing


@CLOSING.named("claims")
def closing(day: date, subject: int | None) -> Iterator[Closing]:
    """Yield what is applied for only until some day, and what was offered and must be confirmed by then."""
    mine = {} if subject is None else {"subject": subject}
    for item in list_items():
        window = item.declared.window
        if item.declared.way != "automatic" and window and item.declared.is_open_on(day):
            claims = Claim.objects.filter(item_key=item.key, is_live=True, **mine)
            if period := item.period_on(day):
                claims = claims.filter(period=period)
            done = frozenset(claims.values_list("subject", flat=True))
            page = f"{reverse('portal:claim-items')}?item={item.key}"
            yield _closing(item, window.until, page, done=done)
    offered: dict[tuple[int, date], set[int]] = {}
    waiting = Claim.objects.filter(case__state="offered", case__due_on__gte=day, **mine)
    for pk, until, subject_pk in waiting.values_list("item", "case__due_on", "subject"):
        if until is not None:
            offered.setdefault((pk, until), set()).add(subject_pk)
    versions = ContentVersion.objects.in_bulk({pk for pk, _until in offered})
    for (pk, until), pks in offered.items():
        page = reverse("portal:mine")
        yield _closing(item_of(versions[pk]), until, page, waiting=frozenset(pks))


def _closing(item: Item, until: date, href: str, **who: frozenset[int]) -> Closing:
    declared = item.declared
    return Closing(declared.policy, declared.label, declared.label_en, until, href, **who)
