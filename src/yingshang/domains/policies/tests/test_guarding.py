"""A text and its rules come in force with the case of the text only; what has no text is told to nobody."""

from typing import Any

import pytest

from yingshang.content.actions import publish_declaration, publish_together, take_offer
from yingshang.content.models import ContentOffer
from yingshang.content.permissions import PUBLISH
from yingshang.domains.policies.amending import changes_between
from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.domains.policies.errors import TextNeedsItsCase
from yingshang.domains.policies.public import published_among
from yingshang.domains.policies.tests.conftest import Library
from yingshang.domains.policies.tests.test_linting import TEXT
from yingshang.kernel.times import now, today
from yingshang.parties.actors import system_actor

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PUBLISHER = system_actor("publisher", PUBLISH)


def lone(**more: Any) -> dict[str, Any]:
    return {
        "key": "lone", "title": "另行奖励", "title_en": "Lone", "source": "未成文",
        "valid_from": "2026-02-05", "valid_to": "2028-12-31", "condition": "enterprise.staff >= 1", **more,
    }  # fmt: skip


def publish(kind: str, body: dict[str, Any]) -> None:
    publish_declaration(PUBLISHER, kind=kind, declaration=body, valid_from=today())


def test_nothing_of_a_text_is_published_alone(library: Library) -> None:
    text, rule = library.text(), library.rule()
    with pytest.raises(TextNeedsItsCase, match=r"试点办法.*修订"):
        publish("policy", {**rule.body, "results": {"amount": {"base": "1"}}})
    with pytest.raises(TextNeedsItsCase):
        publish("policy", lone(key="r"))
    with pytest.raises(TextNeedsItsCase):
        publish("policy_text", {**text.body, "number": "〔2026〕2号"})
    with pytest.raises(TextNeedsItsCase):
        publish("policy_text", {**text.body, "key": "another"})


def test_a_pack_does_not_replace_what_went_through_its_case(library: Library) -> None:
    library.text()
    rule = library.rule()
    ContentOffer.objects.create(
        kind="policy", key="r", pack="trial", digest="0" * 64, offered_at=now(),
        body={**rule.body, "title": "内容包的"},
    )  # fmt: skip
    with pytest.raises(TextNeedsItsCase):
        take_offer(PUBLISHER, kind="policy", key="r")
    assert ContentOffer.objects.filter(key="r").exists()


def test_a_rule_without_a_text_is_published_but_told_to_nobody(library: Library) -> None:
    library.text()
    library.rule()
    library.put("policy", lone(key="shipped"))
    publish("policy", lone())
    publish("policy", lone(key="shipped", title="改过的"))
    assert published_among(["r", "lone", "shipped"]) == {"r", "shipped"}
    publish_together(
        PUBLISHER,
        declarations=[("policy", lone(text="t", condition={"text": "enterprise.staff >= 1",
                                                          "clause": "第二条"}))],
        valid_from=today(),
    )  # fmt: skip
    assert "lone" in published_among(["lone"])


def test_changes_name_clauses_that_differ_come_or_go() -> None:
    old = PolicyTextDeclaration.model_validate(TEXT)
    clauses = [
        TEXT["clauses"][0],
        {**TEXT["clauses"][1], "text": "每户二万元。"},
        {"label": "第四条", "text": "自公布之日起施行。", "marks": ["validity"]},
    ]
    new = PolicyTextDeclaration.model_validate({**TEXT, "clauses": clauses})
    assert changes_between(old, new) == [
        ("第二条", "每户一万元。", "每户二万元。"),
        ("第四条", "", "自公布之日起施行。"),
        ("第三条", "失信的除外。", ""),
    ]
