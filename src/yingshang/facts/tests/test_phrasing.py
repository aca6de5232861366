"""Words for facts are checked against the catalogue before they are loaded."""

import pytest
from pydantic import ValidationError

from yingshang.facts.declaring import CodeListDeclaration, FactTypeDeclaration
from yingshang.facts.phrasing import FactPhraseDeclaration, lint_fact_phrase

pytestmark = pytest.mark.one_database

KNOWN = {
    "code_list": {
        "size": CodeListDeclaration(
            key="size", label="规模", label_en="Size", codes="s 小型\nl 大型\n"
        )
    },
    "fact_type": {
        "enterprise.size": FactTypeDeclaration(
            key="enterprise.size",
            label="规模",
            label_en="Size",
            type="code",
            code_list="size",
            source="a",
        )
    },
}


def phrase(**more: object) -> FactPhraseDeclaration:
    return FactPhraseDeclaration.model_validate(
        {"key": "p", "fact": "enterprise.size", "says": ["小企业"], "value": "s", **more}
    )


def test_known_words_pass() -> None:
    assert list(lint_fact_phrase(phrase(), KNOWN)) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"fact": "enterprise.sise"}, "unknown_fact"),
        ({"value": "x"}, "unknown_code"),
        ({"ladder": ["l", "m"]}, "unknown_code"),
    ],
)
def test_unknown_facts_and_codes_are_named(more: dict[str, object], code: str) -> None:
    assert [found[0] for found in lint_fact_phrase(phrase(**more), KNOWN)] == [code]


@pytest.mark.parametrize("more", [{"says": []}, {"says": ["……"]}])
def test_words_must_say_something(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        phrase(**more)
