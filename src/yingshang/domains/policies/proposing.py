"""Proposals per clause: what ``extracting`` reads out of a text, brought to the clause where it stands."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from yingshang.domains.policies.declaring import Mark
from yingshang.domains.policies.extracting import extract, shipped_lexicon, to_json
from yingshang.domains.policies.extracting.lexicon import Lexicon, build_lexicon
from yingshang.domains.policies.extracting.model import Piece
from yingshang.domains.policies.models import ProposalSort
from yingshang.domains.policies.splitting import Split
from yingshang.facts.catalogue import current_catalogue


@dataclass(frozen=True)
class Proposed:
    """One proposal: its clause, its sort, the words from which it was read, and its content.

    ``refused`` tells that the condition excludes.
    """

    clause: str
    sort: ProposalSort
    words: str
    content: dict[str, Any]
    refused: bool = False


def propose(clauses: Sequence[Split], lexicon: Lexicon | None = None) -> list[Proposed]:
    """Return what the wording of clauses proposes, in order; clauses get the marks that follow.

    Raises ``PolicyNotReadable`` for a text longer than any policy.
    """
    starts, text = [], ""
    for clause in clauses:
        starts.append(len(text))
        text += f"{clause.label} {clause.text}\n"
    found = extract(text, lexicon or shipped_lexicon())
    plain = to_json(found)

    def at(piece: Piece) -> str:
        return clauses[max(bisect_right(starts, piece.start) - 1, 0)].label

    proposed = [
        Proposed(at(one.piece), ProposalSort.CONDITION, said["clause"], said, one.refused)
        for one, said in zip(found.conditions, plain["conditions"], strict=True)
    ]
    proposed += [
        Proposed(at(one.piece), ProposalSort.AMOUNT, said["clause"], said)
        for one, said in zip(found.amounts, plain["amounts"], strict=True)
    ]
    if found.window is not None:
        words = found.window.piece.of(text)
        proposed.append(
            Proposed(at(found.window.piece), ProposalSort.WINDOW, words, plain["window"])
        )
    proposed += [
        Proposed(at(piece), ProposalSort.MATERIAL, piece.of(text), {"material": piece.of(text)})
        for piece in found.materials
    ]
    _mark(clauses, proposed)
    return proposed


def _mark(clauses: Sequence[Split], proposed: Sequence[Proposed]) -> None:
    for clause in clauses:
        if follow := list(dict.fromkeys(_marks(clause.label, proposed))):
            kept = [mark for mark in clause.marks if mark is not Mark.OTHER]
            if Mark.EXCLUSION in kept or Mark.EXCLUSION in follow:
                follow = [mark for mark in follow if mark is not Mark.CONDITION]
            clause.marks = list(dict.fromkeys([*follow, *kept]))[:3]


def _marks(label: str, proposed: Sequence[Proposed]) -> Iterator[Mark]:
    for one in proposed:
        if one.clause == label:
            yield Mark.EXCLUSION if one.refused else Mark(one.sort.value)


def current_lexicon() -> Lexicon:
    """Return the words for facts of the content in force; those that are shipped where none is loaded."""
    from yingshang.content.selectors import declaration_of, list_current

    catalogue = current_catalogue()
    phrases: list[Any] = [declaration_of(version) for version in list_current("fact_phrase")]
    if not phrases:
        return shipped_lexicon()
    return build_lexicon(phrases, catalogue.types, catalogue.derivations, catalogue.codes)
