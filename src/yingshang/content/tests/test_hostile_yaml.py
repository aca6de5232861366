"""Texts made to exhaust or end whoever reads them are refused at once, with a sentence."""

import pytest

from yingshang.content.yaml import BadYaml, compose_document, read_documents

NINE = range(9)
DOUBLINGS = "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in NINE
)


@pytest.mark.parametrize(
    "text",
    [
        f"a: &a [{','.join('x' * 9)}]\n{DOUBLINGS}",
        "a: " + "[" * 90_000 + "]" * 90_000,
        "{a: " * 40_000 + "}" * 40_000,
        "- " * 90_000 + "x",
        "? " * 90_000 + "x",
        "[" * 900 + "]" * 900,
        "[" * 190_000,
        "condition: &again\n  all:\n  - *again\n",
        "\n".join(" " * n + "a:" for n in range(600)),
    ],
    ids=["aliases", "lists", "mappings", "dashes", "keys", "some", "open", "itself", "indented"],
)
def test_a_text_made_to_exhaust_the_reader_is_refused(text: str) -> None:
    with pytest.raises(BadYaml, match=r"嵌套超过|展开后太大"):
        read_documents(text)


def test_what_is_changed_in_place_is_no_deeper() -> None:
    for text in ("[" * 90_000 + "]" * 90_000, "\n".join(" " * n + "a:" for n in range(900))):
        with pytest.raises(BadYaml):
            compose_document(text)


def test_brackets_and_aliases_of_honest_texts_are_read() -> None:
    (found,) = read_documents("a: &one {x: 1}\nb: [*one, *one]\nc: '" + "[" * 5_000 + "'")
    assert found.value["b"] == [{"x": 1}, {"x": 1}]
    assert len(found.value["c"]) == 5_000
