"""A kept evaluation in the reader's words, part by part, beside the decision that rests on it."""

from collections.abc import Iterator, Mapping
from typing import Any

from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.models import Claim
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import RuleUnfit
from yingshang.facts.evaluating import compile_body
from yingshang.facts.models import Evaluation
from yingshang.rulebook.book import current_book
from yingshang.rulebook.showing import Part, Reader
from yingshang.rules.explaining import Explained


def explained(evaluation: Evaluation) -> Part | None:
    """Return what a rule said of somebody, part by part; None where the catalogue no longer fits it."""
    found = evaluation.outcome.get("explanation")
    if not isinstance(found, Mapping):
        return None
    try:
        rule = compile_body(evaluation.rule.body, current_catalogue(), evaluation.as_of)
    except RuleUnfit:
        return None
    return Reader(current_book(evaluation.as_of)).explained(rule, _read(found))


def _read(found: Mapping[str, Any]) -> Explained:
    return Explained(
        kind=str(found["kind"]),
        text=str(found.get("text", "")),
        result=str(found["result"]),
        id=str(found.get("id", "")),
        label=str(found.get("label", "")),
        clause=str(found.get("clause", "")),
        values=tuple(found.get("values", {}).items()),
        gap=found.get("gap"),
        why=str(found.get("why", "")),
        parts=tuple(_read(one) for one in found.get("parts", ())),
    )


def title_of(claim: Claim) -> str:
    """Return the name of a claim's item."""
    return item_of(claim.item).declared.label


def failed_parts(evaluation: Evaluation) -> list[str]:
    """Return the conditions that failed, each with the values on record and its clause."""
    whole = explained(evaluation)
    found = list(_failed(whole, "")) if whole is not None else []
    return list(dict.fromkeys(found)) or [evaluation.rule.title]


def _failed(part: Part, clause: str) -> Iterator[str]:
    clause = part.clause or clause
    if part.result == "no" and part.parts and part.kind != "not":
        for one in part.parts:
            yield from _failed(one, clause)
    elif part.result == "no":
        yield _said(part, clause)


def _said(part: Part, clause: str) -> str:
    sentence = part.label or part.sentence
    if part.kind == "not" and not part.label:
        sentence = f"{part.sentence} {part.parts[0].label or part.parts[0].sentence}"
    values = "；".join(f"{name} {value}" for name, value in part.values)
    tail = "，".join(one for one in (values, clause) if one)
    return f"{sentence}（{tail}）" if tail else sentence
