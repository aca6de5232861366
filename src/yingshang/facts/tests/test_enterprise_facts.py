"""The catalogue of enterprise facts that ships with the platform."""

import pytest

from yingshang.content.packs import read_packs
from yingshang.facts.declaring import read_codes
from yingshang.kernel.identifiers import PROVINCES

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def declared():
    found = {}
    for pack in read_packs(["enterprise-facts"]):
        for one in pack.declared:
            found.setdefault(one.kind.name, {})[one.value.key] = one.value
    return found


def test_an_enterprise_has_at_least_sixty_facts_each_with_one_source_and_a_basis(declared):
    facts = [one for one in declared["fact_type"].values() if one.subject == "enterprise"]
    assert len(facts) >= 60
    assert {one.source for one in facts} <= set(declared["fact_source"])
    without = [one.key for one in facts if not one.legal]
    assert set(without) == {"enterprise.park", "enterprise.rents_premises"}
    assert {"scalar", "series", "records"} == {one.shape for one in facts}


def test_industries_have_the_structure_of_the_standard(declared):
    codes = declared["code_list"]["industry"]
    sizes = [len(code.code) for code in codes.codes]
    assert [sizes.count(length) for length in (1, 3, 4)] == [20, 97, 473]
    assert sizes.count(5) > 1300
    assert codes.by_code["C3973"].label == "集成电路制造"
    assert [code.code for code in codes.ancestors("C3973")] == ["C397", "C39", "C"]
    assert codes.by_code["I6520"].label == "集成电路设计"
    for code in codes.codes:
        assert code.code.startswith(code.parent)
        assert bool(code.parent) == (len(code.code) > 1)


def test_divisions_stand_under_their_province(declared):
    codes = declared["code_list"]["division"].by_code
    assert {code[:2] for code in codes} == PROVINCES
    assert codes["310116"].label == "金山区"
    assert codes["310116"].parent == "310000"
    assert codes["320582"].parent == "320500"
    assert all(code.parent[:2] == code.code[:2] for code in codes.values() if code.parent)
    assert not any(code.startswith("3397") for code in codes)


def test_codes_may_be_written_one_a_line():
    assert read_codes("A 甲 | First\n  A1 乙\nB 丙") == [
        {"code": "A", "label": "甲", "label_en": "First", "parent": ""},
        {"code": "A1", "label": "乙", "label_en": "", "parent": "A"},
        {"code": "B", "label": "丙", "label_en": "", "parent": ""},
    ]
    with pytest.raises(ValueError, match="C39"):
        read_codes("C39")
