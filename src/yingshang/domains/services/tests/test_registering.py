"""What items register: lint names what cannot be; codes of new enterprises are well-formed; people signed."""

from typing import Any

import pytest

from yingshang.content.packs import read_packs
from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.catalogue.linting import lint_item
from yingshang.domains.services.errors import FounderUnidentified
from yingshang.domains.services.registering.demanding import demand_registrable, founders_of
from yingshang.domains.services.registering.names import faults_of, plain, spellings
from yingshang.forms.models import Submission
from yingshang.kernel.identifiers import CREDIT_ALPHABET, check_code, make_credit_code

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
    """Return what lint finds in an item with other parts."""
    body = known["service_item"][key].model_dump(mode="json")
    return {
        remark[0] for remark in lint_item(ServiceItem.model_validate({**body, **changes}), known)
    }


FOUNDS = {"name": "form.name", "founders": "founders", "founder": "who"}


@pytest.mark.parametrize(
    ("key", "changes", "code"),
    [
        ("enterprise-registration", {"founds": None}, "effect_idle"),
        ("enterprise-registration", {"founds": {**FOUNDS, "name": "form.unheard"}}, "rule_undeclared"),
        ("enterprise-registration", {"founds": {**FOUNDS, "name": "form.capital"}}, "rule_type"),
        ("enterprise-registration", {"founds": {**FOUNDS, "founder": "amount"}}, "unknown_field"),
        ("enterprise-registration", {"claims_name": {"rule": "none", "name": "form.name"}}, "unknown_name_rule"),
        ("enterprise-registration", {"claims_name": {"rule": "enterprise-names", "name": "form.capital"}}, "rule_type"),
        ("enterprise-registration", {"representative": "scope"}, "unknown_field"),
        ("enterprise-registration", {"states": None}, "effect_idle"),
        ("enterprise-registration", {"states": {"source": "registration", "values": {"enterprise.unheard": "form.name"}}}, "unknown_fact"),
        ("enterprise-registration", {"states": {"source": "registration", "values": {"enterprise.revenue": "form.capital"}}}, "source_unfit"),
        ("enterprise-registration", {"states": {"source": "nobody"}}, "unknown_source"),
        ("enterprise-registration", {"result_fields": {}}, "field_unfilled"),
        ("enterprise-change", {"result": None}, "effect_idle"),
        ("business-places", {"result_adds": {"scope": "rows.places.place"}}, "unknown_field"),
        ("business-places", {"result_adds": {"other_addresses": "form.place_promise"}}, "rule_type"),
        ("business-places", {"states": {"source": "registration", "records": {"enterprise.business_places": {"group": "places", "content": {"colour": "use"}}}}}, "unknown_field"),
    ],
)  # fmt: skip
def test_lint_names_what_cannot_be_registered(
    known: dict[str, dict[str, Any]], key: str, changes: dict[str, Any], code: str
) -> None:
    assert codes(known, key) == set()
    assert code in codes(known, key, **changes)


@pytest.mark.parametrize("body", ["MA000000", "MAYYYYYY", "MA2H3K9X"])
def test_a_code_that_is_made_passes_the_check(body: str) -> None:
    code = make_credit_code("91", "339705", body)
    assert check_code(code).valid
    assert set(code) <= set(CREDIT_ALPHABET)


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("云州清江小满科技有限公司", 0),
        ("云州国 家·级科技有限公司", 1),
        ("云州清江小满科技", 1),
        ("云州税务局最佳", 3),
    ],
)
def test_names_that_nobody_may_have_are_told_with_every_reason(
    known: dict[str, dict[str, Any]], name: str, faults: int
) -> None:
    found = list(faults_of(known["name_rule"]["enterprise-names"], name))
    assert len(found) == faults, found


def test_names_differ_by_more_than_blanks_and_width() -> None:
    assert plain("云州 小满（ＡＢ）有限公司") == plain("云州小满ab有限公司")
    assert plain("云州小满有限公司") != plain("云州大满有限公司")


def test_a_register_may_write_a_name_in_either_width() -> None:
    assert "云州（小满）有限公司" in spellings("云州 (小满)有限公司")
    assert "云州(小满)有限公司" in spellings("云州（小满）有限公司")


def test_founders_are_those_of_the_rows_and_must_be_identified(
    known: dict[str, dict[str, Any]],
) -> None:
    item = known["service_item"]["enterprise-registration"]
    identified = {"name": "周小满", "id_number": "110101199003070003"}
    answers: dict[str, Any] = {"founders": [{"who": identified}], "head": identified}
    submission = Submission(body={"answers": answers, "signatures": []})
    assert founders_of(item, submission) == [identified]
    answers["founders"].append({"who": {"name": "林晓峰"}})
    with pytest.raises(FounderUnidentified) as refusal:
        demand_registrable(item, submission)
    assert "林晓峰" in str(refusal.value)
