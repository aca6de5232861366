"""What can be claimed only until some day, and who claimed it, as matching asks in order to remind."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from yingshang.content.models import ContentVersion
from yingshang.domains.claims.items.book import Item, item_of, list_items
from yingshang.domains.claims.models import Claim
from yingshang.domains.matching.public import CLOSING, Closing


@CLOSING.named("claims")
def closing(day: date, subject: int | None) -> Iterator[Closing]:
    """Yield what is applied for only until some day, and what was offered and must be confirmed by then."""
    live = Claim.objects.all() if subject is None else Claim.objects.filter(subject=subject)
    yield from _to_apply_for(day, live.filter(is_live=True))
    yield from _to_confirm(live.filter(case__state="offered", case__due_on__gte=day))


def _to_apply_for(day: date, live: QuerySet[Claim]) -> Iterator[Closing]:
    open_now = {
        one.key: (one, one.declared.window.until)
        for one in list_items()
        if one.declared.way != "automatic"
        and one.declared.window is not None
        and one.declared.is_open_on(day)
    }
    done: dict[str, set[int]] = defaultdict(set)
    claims = live.filter(item_key__in=open_now)
    for key, period, subject in claims.values_list("item_key", "period", "subject"):
        if open_now[key][0].period_on(day) in ("", period):
            done[key].add(subject)
    for key, (item, until) in open_now.items():
        page = f"{reverse('portal:claim-items')}?item={key}"
        yield _closing(item, until, page, done=frozenset(done[key]))


def _to_confirm(waiting: QuerySet[Claim]) -> Iterator[Closing]:
    offered: dict[tuple[int, date], set[int]] = {}
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
