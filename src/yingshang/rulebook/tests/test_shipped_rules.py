"""Every rule that ships can be opened in the builder and saved unchanged, byte for byte."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.utils.datastructures import MultiValueDict

from yingshang.facts.catalogue import read_catalogue_of
from yingshang.rulebook import building
from yingshang.rulebook.amounts import read_results
from yingshang.rulebook.asks import read_asks
from yingshang.rulebook.book import Book
from yingshang.rulebook.builder import apply
from yingshang.rulebook.building import ItemView, Page
from yingshang.rulebook.checks import Checking
from yingshang.rulebook.given import Given
from yingshang.rulebook.packs import library_of
from yingshang.rulebook.rowfields import Fields, RowFields
from yingshang.rulebook.tests.test_writing import shipped
from yingshang.rulebook.tree import read_tree
from yingshang.rulebook.writing.nodes import Source, read_source
from yingshang.rulebook.writing.rows import Row

pytestmark = pytest.mark.one_database
PACKS = ("demo-district", "demo-policies")


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr(building, "policy_texts", lambda _organ: {})
    catalogue = read_catalogue_of(*PACKS)
    parameters = library_of("demo-district").parameters
    declared = catalogue.declarations(date(2026, 11, 2), parameters)
    return Book(date(2026, 11, 2), {}, {}, catalogue, declared)


def sent(page: Page, source: Source) -> Given:
    """Return what a browser sends of the page where nobody changed anything."""
    found: dict[str, list[str]] = {}
    tree = page.tree()
    for view in views(tree) if tree is not None else ():
        mark = view.item.id
        found[f"{mark}-clause"] = [view.clause]
        found[f"{mark}-label"] = [view.label]
        if view.item.is_group:
            found[f"{mark}-kind"] = [view.kind]
        elif view.fields is not None:
            found |= fields_of(mark, view.fields)
        else:
            found[f"{mark}-text"] = [view.text.replace("\n", "\r\n")]
    for one in page.head(source):
        found[one["name"]] = [one["value"].replace("\n", "\r\n")]
    for one in page.results(source):
        found |= controls_of(one)
    asks = page.asks(source)
    assert asks is not None
    found["asks-clause"] = [asks["clause"]] if asks["shared"] else []
    for one in asks["rows"] if not asks["shared"] else ():
        found[f"{one['mark']}-clause"] = [one["clause"]]
    return Given(MultiValueDict({name: values for name, values in found.items() if values}))


def fields_of(mark: str, fields: Fields) -> dict[str, list[str]]:
    return {
        f"{mark}-sign": [fields.sign],
        f"{mark}-value": [fields.value],
        f"{mark}-unit": [fields.unit],
        f"{mark}-chosen": list(fields.chosen),
    }


def controls_of(one: dict[str, Any]) -> dict[str, list[str]]:
    mark = one["mark"]
    found = {f"{mark}-shape": [one["shape"]], f"{mark}-text": [one["text"]]}
    if one["clause"] is not None:
        found[f"{mark}-clause"] = [one["clause"]]
    for name in ("fact", "fen", "rate", "rounding", "cap"):
        found[f"{mark}-{name}"] = [one[name]]
    found |= {f"{mark}-fen-unit": [one["unit"]], f"{mark}-cap-unit": [one["cap_unit"]]}
    for tier in one["tiers"]:
        place = tier["place"]
        found[f"{mark}-tier{place}"] = [tier["amount"]]
        found[f"{mark}-tier{place}-unit"] = [tier["unit"]]
        if tier["fields"] is None:
            found[f"{mark}-when{place}"] = [tier["when"]]
        else:
            found |= fields_of(tier["mark"], tier["fields"])
    return found


def views(view: ItemView) -> Iterator[ItemView]:
    yield view
    for part in view.parts:
        yield from views(part)


def test_every_shipped_rule_is_saved_byte_for_byte(book: Book) -> None:
    rows = texts = amounts = tiers = asks = 0
    for text in shipped():
        source = read_source(text)
        page = Page(Checking(source, read_tree(source), None), book, None, None, {})
        outcome = apply(source, sent(page, source), page.rows)
        assert outcome.errors == {}, source.value["key"]
        assert outcome.source.text == text
        tree = page.tree()
        assert tree is not None
        rows += sum(view.fields is not None for view in views(tree))
        texts += sum(view.fields is None and not view.item.is_group for view in views(tree))
        amounts += len(read_results(source))
        tiers += sum(
            tier["fields"] is not None for one in page.results(source) for tier in one["tiers"]
        )
        asks += len(read_asks(source) or ())
    assert rows >= 60 * 3
    assert texts <= rows // 50, "what rows cannot say should be rare"
    assert amounts >= 60
    assert tiers >= 6, "conditions of tiers are rows too"
    assert asks >= 15


def test_every_code_is_read_back_by_the_name_under_which_it_is_shown(book: Book) -> None:
    rows = RowFields(book)
    for key in ("enterprise.industry", "enterprise.size", "enterprise.division"):
        typing = rows.typing(key)
        assert typing is not None
        codes = [one.code for one in book.catalogue.codes[typing.code_list].codes][:400:7]
        for pair in pairwise(codes):
            fields = rows.fields(Row(key, "in", pair))
            assert fields is not None
            typed = {"sign": fields.sign, "value": fields.value, "chosen": fields.chosen}
            assert rows.read(key, typed, Row(key, "in", pair)).values == pair


@pytest.mark.parametrize(
    ("fact", "typed", "values"),
    [
        ("enterprise.revenue_last_year", {"sign": ">=", "value": "2,000", "unit": "wan"}, (2000_000_000,)),
        ("enterprise.revenue_last_year", {"sign": ">=", "value": "0.5", "unit": "yi"}, (5_000_000_000,)),
        ("enterprise.rd_ratio", {"sign": ">=", "value": "5", "unit": "%"}, ("0.05",)),
        ("enterprise.rd_ratio", {"sign": ">=", "value": "5％", "unit": "1"}, ("0.05",)),
        ("enterprise.employees", {"sign": "<", "value": "300", "unit": "人"}, (300,)),
        ("enterprise.founded_on", {"sign": "years<", "value": "3"}, (3,)),
        ("enterprise.founded_on", {"sign": ">=", "value": "2020-01-31"}, (date(2020, 1, 31),)),
        ("enterprise.industry", {"sign": "starts", "value": "C"}, ("C",)),
    ],
)  # fmt: skip
def test_values_are_typed_as_people_write_them(
    book: Book, fact: str, typed: dict[str, Any], values: tuple[Any, ...]
) -> None:
    found = RowFields(book).read(fact, typed).values
    assert tuple(str(v) if isinstance(values[0], str) else v for v in found) == values
