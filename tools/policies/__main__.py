"""``python -m tools.policies [--seed N]``: write the pack of made-up policies."""

import argparse
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tools.policies import facts
from tools.policies.drawing import Document, draw
from tools.policies.innovation import FIRST_LOAN, HIGH_TECH_SUPPORT, LISTING, RESEARCH_SUPPORT
from tools.policies.model import Support
from tools.policies.people import HOUSING, RENT_SUPPORT, TRAINING
from tools.policies.trade import EXPORT, GREEN, VOUCHER

PACK = Path(__file__).resolve().parents[2] / "content" / "demo-policies"
SEED = 2026
SUPPORTS = (
    HIGH_TECH_SUPPORT, RESEARCH_SUPPORT, FIRST_LOAN, RENT_SUPPORT, HOUSING, TRAINING, GREEN, LISTING,
    EXPORT, VOUCHER,
)  # fmt: skip
FIRST = 10
"""Numbers up to this one belong to the documents that were written by hand."""
HEAD = "# Made up for the made-up district by tools/policies; change it there.\n"


def documents(seed: int) -> list[tuple[Support, Document]]:
    """Draw every document; one seed gives one district."""
    rng = Random(seed)  # noqa: S311 - made-up texts, nobody's luck hangs on it
    numbers: dict[str, int] = {}
    found = []
    for support in SUPPORTS:
        for text in support.texts:
            numbers[support.mark] = numbers.get(support.mark, FIRST) + 1
            found.append((support, draw(support, text, numbers[support.mark], rng)))
    return found


def files(seed: int) -> dict[str, str]:
    """Return every file of the pack by its path in it."""
    drawn = documents(seed)
    found = {
        "pack.yaml": HEAD + _yaml(
            {
                "name": "demo-policies",
                "label": "演示区的惠企政策（虚构）",
                "label_en": "Policies of the demonstration district (made up)",
                "requires": ["demo-district"],
            }
        ),
        "fact_types/declared.yaml": _all(facts.fact_types()),
        "fact_phrases/declared.yaml": _all(facts.fact_phrases()),
        "materials/claims.yaml": _all(facts.materials()),
        "expert_fields/fields.yaml": _all(facts.expert_fields()),
    }  # fmt: skip
    for support in SUPPORTS:
        own = [document for one, document in drawn if one is support]
        name = f"{support.key}.yaml"
        found[f"policy_texts/{name}"] = _all([document.body for document in own])
        found[f"policies/{name}"] = _all([one for document in own for one in document.policies])
        found[f"claim_items/{name}"] = _all([one for document in own for one in document.items])
    return found


def _all(bodies: list[dict[str, Any]]) -> str:
    return HEAD + "---\n".join(map(_yaml, bodies))


def _yaml(body: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=110)
    return text


def main() -> None:
    """Write the pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    for path, text in files(parser.parse_args().seed).items():
        target = PACK / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
