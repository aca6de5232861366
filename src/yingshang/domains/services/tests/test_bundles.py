"""Bundles: what lint finds, in which order steps begin, how long the whole takes, what it spares."""

from typing import Any

import pytest

from yingshang.content.packs import read_packs
from yingshang.domains.services.bundles.burden import critical_path, known_to_platform, working_days
from yingshang.domains.services.bundles.declaring import Bundle, BundleStep
from yingshang.domains.services.bundles.linting import combined_form, compile_with, lint_bundle
from yingshang.domains.services.catalogue.declaring import Term
from yingshang.forms.burden import saving
from yingshang.forms.linting import catalogue_in
from yingshang.forms.parting import own_keys, renamed_paths

pytestmark = pytest.mark.one_database
FIRST = "food-business-licence"


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, Any]]:
    """Return what the pack of government services and those below it declare."""
    found: dict[str, dict[str, Any]] = {}
    for pack in read_packs(["government-services"]):
        for one in pack.declared:
            found.setdefault(one.kind.name, {})[one.value.key] = one.value
    formless = found["service_item"][FIRST].model_copy(update={"key": "formless", "form": None})
    found["service_item"]["formless"] = formless
    return found


def restaurant(known: dict[str, dict[str, Any]], **changes: Any) -> Bundle:
    """Return the bundle of opening a restaurant with other parts."""
    body = known["bundle"]["open-a-restaurant"].model_dump(mode="json")
    return Bundle.model_validate({**body, **changes})


def codes(bundle: Bundle, known: dict[str, dict[str, Any]]) -> set[str]:
    """Return the codes that lint finds."""
    return {remark[0] for remark in lint_bundle(bundle, known)}


def steps(*given: tuple[str, str]) -> list[dict[str, Any]]:
    """Return steps by item and what they wait for."""
    return [{"item": item, "after": [after] if after else []} for item, after in given]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"steps": steps((FIRST, "signboard"), ("signboard", FIRST))}, "circle"),
        ({"steps": steps((FIRST, ""), ("signboard", "nothing"))}, "unknown_step"),
        ({"steps": steps((FIRST, ""), ("nothing", ""))}, "unknown_item"),
        ({"steps": steps((FIRST, ""), (FIRST, ""))}, "step_twice"),
        ({"steps": steps((FIRST, ""), ("formless", ""))}, "step_without_form"),
        ({"lead": {"item": "signboard"}, "steps": steps((FIRST, ""), ("drainage-permit", ""))}, "unknown_lead"),
        ({"lead": {"organ": "nobody"}}, "unknown_organ"),
        ({"procedure": "permit"}, "procedure_unfit"),
        ({"procedure": "nothing"}, "unknown_procedure"),
        ({"steps": [{"item": FIRST}, {"item": "signboard", "when": "form.unheard"}]}, "rule_undeclared"),
        ({"steps": [{"item": FIRST}, {"item": "signboard", "when": "false"}]}, "unreachable_step"),
        ({"steps": [{"item": FIRST, "optional": True}, {"item": "signboard", "when": "true"}]}, "all_optional"),
        ({"result": "nothing"}, "unknown_licence_kind"),
        ({"result_fields": {}}, "field_missing"),
        ({"result_fields": {"industry": "form.unheard"}}, "rule_undeclared"),
    ],
)  # fmt: skip
def test_lint_names_what_a_bundle_lacks(
    known: dict[str, dict[str, Any]], changes: dict[str, Any], code: str
) -> None:
    assert code in codes(restaurant(known, **changes), known)


def test_the_pack_has_ten_bundles_without_findings(known: dict[str, dict[str, Any]]) -> None:
    assert len(known["bundle"]) >= 10
    found = {key: codes(one, known) for key, one in known["bundle"].items()}
    assert {key: one for key, one in found.items() if one} == {}


def test_a_step_that_needs_what_another_yields_waits_for_it(
    known: dict[str, dict[str, Any]],
) -> None:
    sign = known["form"]["signboard"]
    asked = {"material": "fire-certificate", "required": "yes", "when": ""}
    body = {**sign.model_dump(mode="json"), "materials": [asked]}
    fire = known["form"]["fire-safety-check"]
    yields = {**fire.model_dump(mode="json"), "outputs": ["material:fire-certificate"]}
    forms = {"signboard": type(sign).model_validate(body), fire.key: type(fire).model_validate(yields)}  # fmt: skip
    changed = {**known, "form": {**known["form"], **forms}}
    assert "not_after" not in codes(restaurant(known), changed)
    apart = steps((FIRST, ""), ("fire-safety-check", ""), ("signboard", ""))
    assert "not_after" in codes(restaurant(known, steps=apart), changed)
    whole = combined_form(restaurant(known), changed, restaurant(known).in_order)
    assert "fire-certificate" not in {one.material for one in whole.materials}


def test_steps_side_by_side_take_as_long_as_the_longest_path() -> None:
    plan = [
        BundleStep(item="a"),
        BundleStep(item="b"),
        BundleStep(item="c", after=("a",)),
        BundleStep(item="d", after=("b", "c")),
    ]
    assert critical_path(plan, {"a": 5, "b": 3, "c": 2, "d": 4}) == 11


@pytest.mark.parametrize(
    ("n", "kind", "days"),
    [(7, "working", 7), (7, "calendar", 5), (4, "hour", 1), (1, "month", 22), (0, "at_once", 0)],
)
def test_limits_are_compared_in_working_days(n: int, kind: Any, days: int) -> None:
    assert working_days(Term(n=n, kind=kind)) == days


def test_one_form_asks_less_than_its_forms_and_each_gets_its_own_back(
    known: dict[str, dict[str, Any]],
) -> None:
    bundle = restaurant(known)
    whole = combined_form(bundle, known, bundle.in_order)
    forms = [known["form"][known["service_item"][one.item].form] for one in bundle.in_order]
    facts = known_to_platform(catalogue_in(known))
    apart = [compile_with(form, known) for form in forms]
    found = saving(apart, compile_with(whole, known), facts)
    assert found.after.asked < found.before.asked
    assert found.after.uploads < found.before.uploads
    keys = own_keys(whole, "signboard")
    assert set(keys.values()) == set(known["form"]["signboard"].field_by_key)
    head = next(key for key, own in keys.items() if own == "unit_name")
    assert head != "unit_name"
    assert renamed_paths({head: 1, "area": 2, f"{head}.0.x": 3}, keys) == {
        "unit_name": 1,
        "unit_name.0.x": 3,
    }
