"""A catalogue says what rules may name, and its faults are found before it is loaded."""

import pytest
from pydantic import ValidationError

from yingshang.facts.declaring import CodeListDeclaration, FactTypeDeclaration
from yingshang.facts.linting import lint_code_list, lint_derivation, lint_fact_type
from yingshang.facts.tests.trial import declared, trial_catalogue
from yingshang.rules.checking import check
from yingshang.rules.errors import RuleFault
from yingshang.rules.types import BOOL, DOUBLE, INT, STRING


def test_rules_may_name_every_scalar_and_derived_column_but_no_series() -> None:
    catalogue = trial_catalogue()
    types = {key: one.type for key, one in catalogue.declarations().facts.items()}
    assert types["enterprise.trade"] == STRING
    assert types["enterprise.revenue_last"] == INT
    assert types["enterprise.revenue_grew"] == BOOL
    assert types["enterprise.rd_ratio"] == DOUBLE
    assert types["enterprise.branches"] == INT
    assert "enterprise.revenue" not in types
    check("enterprise.rd_ratio >= 0.05 && enterprise.clean_year", catalogue.declarations())
    with pytest.raises(RuleFault, match=r"enterprise\.rd_ratio"):
        check("enterprise.rd_ration >= 0.05", catalogue.declarations())


def test_what_is_derived_from_the_unchangeable_and_sensitive_is_so_too() -> None:
    catalogue = trial_catalogue()
    assert catalogue.declared["enterprise.trade"].immutable
    assert not catalogue.declared["enterprise.staff"].immutable
    assert catalogue.sensitivity_of("enterprise.rd_ratio") == "sensitive"
    assert catalogue.sensitivity_of("enterprise.head_not_barred") == "sensitive"
    assert catalogue.sensitivity_of("enterprise.clean_year") == "internal"


def test_a_code_list_may_have_more_than_256_values() -> None:
    codes = [{"code": f"{n:04d}", "label": f"类{n}"} for n in range(1400)]
    found = CodeListDeclaration(key="many", label="多", label_en="Many", codes=codes)
    assert found.by_code["1399"].label == "类1399"
    assert not list(lint_code_list(found, {}))


FACT = {"key": "enterprise.x", "label": "甲", "label_en": "X", "source": "tax", "type": "int"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"source": "taxx"}, "unknown_source"),
        ({"type": "code", "code_list": "trades"}, "unknown_code_list"),
        ({"absence": {"value": "没有"}}, "absence_of_other_type"),
        ({"key": "enterprise.rd_ratio"}, "key_twice"),
    ],
)
def test_faults_of_a_fact_type_are_found(change: dict[str, object], code: str) -> None:
    found = list(lint_fact_type(FactTypeDeclaration.model_validate({**FACT, **change}), declared()))
    assert [remark[0] for remark in found] == [code]


@pytest.mark.parametrize(
    "change",
    [
        {"key": "person.x"},
        {"shape": "series"},
        {"shape": "records"},
        {"type": "kilogram"},
        {"code_list": "trade"},
        {"key": "Enterprise.X"},
    ],
)
def test_a_fact_type_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FactTypeDeclaration.model_validate({**FACT, **change})


HEAD = "key: enterprise.x\nlabel: 甲\nlabel_en: X\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("from: enterprise.revenu\nhow: {op: period}", "unknown_fact"),
        ("from: enterprise.x\nhow: {op: ratio, over: enterprise.staff}", "derivations_in_circle"),
        ("from: enterprise.penalties\nhow: {op: grew}", "not_derivable"),
        ("from: enterprise.revenue\nhow: {op: none, months: 12}", "not_derivable"),
        ("from: enterprise.staff\nhow: {op: latest}", "not_derivable"),
        ("from: enterprise.penalties\nhow: {op: sum, field: sort}", "not_derivable"),
        ("from: enterprise.penalties\nhow: {op: latest, field: fines}", "unknown_field"),
        ("from: person.barred\nhow: {op: ratio, over: enterprise.staff}", "other_subject"),
    ],
)
def test_faults_of_a_derivation_are_found(text: str, code: str) -> None:
    known = declared(derivation=HEAD + text)
    found = list(lint_derivation(known["derivation"]["enterprise.x"], known))
    assert code in [remark[0] for remark in found]


def test_the_trial_itself_has_no_faults() -> None:
    known = declared()
    for one in known["fact_type"].values():
        assert not list(lint_fact_type(one, known))
    for one in known["derivation"].values():
        assert not list(lint_derivation(one, known))
