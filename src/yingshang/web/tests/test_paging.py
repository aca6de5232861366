"""Keyset paging: every row once, in order, both ways, whatever is missing or tampered with."""

import base64
import json
from datetime import date

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from yingshang.parties.models import Organ
from yingshang.web.listing import list_page
from yingshang.web.paging import UnreadableCursor, keyset_page

pytestmark = pytest.mark.django_db
DAYS = [None, date(2025, 3, 1), date(2025, 3, 1), None, date(2024, 1, 1), date(2026, 1, 1), None]
ORDERS = [
    ("valid_from",),
    ("-valid_from",),
    ("order", "-valid_from"),
    ("-order", "valid_from", "key"),
    ("-pk",),
]


@pytest.fixture
def organs() -> None:
    Organ.objects.bulk_create(
        Organ(
            key=f"o{i}", name=f"机构{i}", type="other", division="310199", order=i % 2, valid_from=d
        )
        for i, d in enumerate(DAYS)
    )


def walk(order: tuple[str, ...], size: int, way: str, cursor: str | None = None) -> list[str]:
    seen: list[str] = []
    while True:
        page = keyset_page(Organ.objects.all(), order, cursor, size)
        keys = [organ.key for organ in page.rows]
        seen = seen + keys if way == "after" else keys + seen
        cursor = getattr(page, way)
        if cursor is None:
            return seen


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_walking_forward_sees_every_row_once(organs, order: tuple[str, ...], size: int) -> None:
    whole = walk(order, 50, "after")
    assert sorted(whole) == [f"o{i}" for i in range(len(DAYS))]
    assert walk(order, size, "after") == whole


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_walking_back_sees_the_same_rows(organs, order: tuple[str, ...], size: int) -> None:
    whole = walk(order, 50, "after")
    cursor, last = None, keyset_page(Organ.objects.all(), order, None, size)
    while last.after:
        cursor, last = last.after, keyset_page(Organ.objects.all(), order, last.after, size)
    assert walk(order, size, "before", cursor) == whole


def test_rows_without_a_date_stand_last_in_both_directions(organs) -> None:
    for order in (("valid_from",), ("-valid_from",)):
        rows = keyset_page(Organ.objects.all(), order).rows
        assert [organ.valid_from for organ in rows[-3:]] == [None, None, None]


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after(organs) -> None:
    first = keyset_page(Organ.objects.all(), ("pk",), None, 4)
    last = keyset_page(Organ.objects.all(), ("pk",), first.after, 4)
    assert (first.before, last.after) == (None, None)
    assert keyset_page(Organ.objects.none(), ("pk",)).rows == []


def test_a_page_is_one_query_and_counts_nothing(organs, django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as queries:
        keyset_page(Organ.objects.all(), ("order",), None, 3)
    assert "COUNT" not in queries.captured_queries[0]["sql"]


def cursor_of(value: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(["a", value, value]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["x", "W10", "WyJhIl0", "bm90IGpzb24", "WyJhIiwgInh4IiwgInh4Il0", "\x00", cursor_of("9" * 30)],
)
def test_a_tampered_cursor_is_refused(organs, cursor: str) -> None:
    with pytest.raises(UnreadableCursor):
        keyset_page(Organ.objects.all(), ("order",), cursor)


def test_a_cursor_of_another_order_is_refused(organs) -> None:
    cursor = keyset_page(Organ.objects.all(), ("valid_from", "order"), None, 1).after
    with pytest.raises(UnreadableCursor):
        keyset_page(Organ.objects.all(), ("order",), cursor)


def test_a_listing_sorts_by_the_address_and_keeps_the_filters(organs, rf: RequestFactory) -> None:
    sorts = {"order": ("order", "key"), "key": ("key",)}
    listing = list_page(
        rf.get("/?sort=-key&q=区"), Organ.objects.all(), sorts=sorts, default="order", size=2
    )
    assert [organ.key for organ in listing.rows] == ["o6", "o5"]
    assert (listing.direction("key"), listing.direction("order")) == ("descending", "")
    assert QueryDict(listing.sort_href("key")[1:]).dict() == {"sort": "key", "q": "区"}
    assert QueryDict(listing.next_href[1:])["q"] == "区"
    assert listing.sort_href("secret") == ""


def test_an_unknown_sort_falls_back(organs, rf: RequestFactory) -> None:
    request = rf.get("/?sort=division__password")
    listing = list_page(request, Organ.objects.all(), sorts={"key": ("key",)}, default="key")
    assert listing.sort == "key"
