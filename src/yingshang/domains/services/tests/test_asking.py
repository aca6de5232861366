"""What items ask of outside bodies: lint names what cannot be asked or is not heard."""

from typing import Any

import pytest

from yingshang.content.packs import read_packs
from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.catalogue.linting import lint_item

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, Any]]:
    """Return what the pack of government services and those below it declare."""
    found: dict[str, dict[str, Any]] = {}
    for pack in read_packs(["government-services"]):
        for one in pack.declared:
            found.setdefault(one.kind.name, {})[one.value.key] = one.value
    return found


def codes(known: dict[str, dict[str, Any]], key: str, **changes: Any) -> set[str]:
    """Return what lint finds in an item with other parts in its first ask, or in the item (``item``)."""
    body = known["service_item"][key].model_dump(mode="json")
    of_item = changes.pop("item", {})
    name = next(iter(body["outside"]))
    body["outside"][name] |= changes
    return {
        remark[0] for remark in lint_item(ServiceItem.model_validate({**body, **of_item}), known)
    }


def test_what_the_pack_asks_has_no_findings(known: dict[str, dict[str, Any]]) -> None:
    asking = [key for key, one in known["service_item"].items() if one.outside]
    assert {"company-seals", "taxpayer-confirmation", "bank-account-booking"} <= set(asking)
    assert {key: found for key in asking if (found := codes(known, key))} == {}


HOLDER = {"holder_name": "subject.name", "holder_code": "subject.code"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "nobody"}, "unknown_outside_body"),
        ({"message": "nothing"}, "unknown_message"),
        ({"after": "nothing"}, "unknown_ask"),
        ({"after": "seals"}, "unknown_ask"),
        ({"payload": {**HOLDER, "seals": "form.collect"}}, "rule_type"),
        ({"payload": {**HOLDER, "seals": "labels.unheard"}}, "rule_undeclared"),
        ({"payload": {**HOLDER, "seals": "labels.seal_kinds", "colour": "text.collect"}}, "unknown_field"),
        ({"payload": HOLDER}, "field_unfilled"),
        ({"when": "form.collect"}, "rule_type"),
        ({"corrects": {"bad_mood": []}}, "unknown_reason"),
        ({"corrects": {"already_made": ["unheard"]}}, "unknown_field"),
        ({"item": {"procedure": "permit"}}, "asked_by_nobody"),
        ({"item": {"outside": {}}}, "asked_by_nobody"),
    ],
)  # fmt: skip
def test_lint_names_what_cannot_be_asked(
    known: dict[str, dict[str, Any]], changes: dict[str, Any], code: str
) -> None:
    assert code in codes(known, "company-seals", **changes)


def test_lint_names_an_answer_that_moves_nothing(known: dict[str, dict[str, Any]]) -> None:
    procedure = known["procedure"]["through-outside-body"]
    body = procedure.model_dump(mode="json", by_alias=True)
    body["actions"][0]["effects"][0]["with"]["done"] = "give_up"
    changed = {**known["procedure"], procedure.key: type(procedure).model_validate(body)}
    assert "unknown_action" in codes({**known, "procedure": changed}, "company-seals")
