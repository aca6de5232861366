"""Precision and recall of what is proposed from a policy's wording: ``python -m benchmarks.policy_extract``.

Of the development half single mistakes are shown with ``--mistakes``; of the held-out half never.
"""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks._policy_scores import Scores, add_text, pair, same_condition

CORPUS = Path(__file__).parent / "policy_clauses"
MEASURES = (
    "conditions",
    "conditions without fact",
    "clauses of conditions",
    "logic",
    "amounts",
    "window",
    "materials",
)


def read_half(half: str) -> list[dict[str, Any]]:
    """Return the labelled texts of ``development`` or ``held_out``."""
    lines = (CORPUS / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def propose(text: str) -> dict[str, Any]:
    """Return what is proposed for a text."""
    from yingshang.domains.policies.extracting import extract, shipped_lexicon, to_json

    return to_json(extract(text, shipped_lexicon()))


def measure(half: str) -> Scores:
    """Measure one half."""
    scores = Scores()
    for row in read_half(half):
        add_text(scores, row["kind"], row["gold"], propose(row["text"]))
    return scores


def show(half: str, scores: Scores) -> None:
    """Print the scores of all texts, of each kind, and the confusions."""
    print(f"== {half}")
    for what in MEASURES:
        _line(what, scores, "")
    for kind in sorted({kind for _, kind in scores.by if kind}):
        _line("conditions", scores, kind)
        _line("amounts", scores, kind)
    for confusion, count in sorted(scores.confusions.items(), key=lambda c: (-c[1], c[0])):
        if count:
            print(f"{count:>4}  {confusion}")


def _line(what: str, scores: Scores, kind: str) -> None:
    score = scores.of(what, kind)
    print(
        f"{what:<24} {kind:<15} {score.right:>4} of {score.labelled} labelled, {score.proposed} proposed: "
        f"precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}"
    )


def show_mistakes() -> None:
    """Print the conditions of the development half that were missed (-) or invented (+)."""
    for row in read_half("development"):
        labels, found = row["gold"]["conditions"], propose(row["text"])["conditions"]
        pairs = pair(labels, found, same_condition)
        for sign, items, paired in (
            ("-", labels, {a for a, _ in pairs}),
            ("+", found, {b for _, b in pairs}),
        ):
            for place, one in enumerate(items):
                if place not in paired:
                    print(row["id"], sign, json.dumps(one, ensure_ascii=False))


if __name__ == "__main__":
    if "--mistakes" in sys.argv:
        show_mistakes()
    else:
        halves = ["development"] if "--development" in sys.argv else ["development", "held_out"]
        for name in halves:
            show(name, measure(name))
