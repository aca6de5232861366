"""Which sixty measures were labelled: a rule that anyone can run again.

Twelve measures of each document, in the order of the SHA-256 of ``<document>#<number>``: up to
seven that hold a figure of the register, three that hold other digits or numerals, the rest any.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from tests.second_reading.read import READERS, Record, find_documents, read

HERE = Path(__file__).parent
NUMERAL = re.compile("[0-9二两三四五六七八九十百千万半]")
LISTED_WITHOUT_NUMERAL = {("金山区2022", 20), ("杨浦区2021", 37)}
"""Register rows T029 and T044: the measure names four certificates and writes no four."""


def rows_of(name: str) -> list[Record]:
    """The records of a line-wise JSON file beside this one."""
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def choose(folder: Path) -> set[tuple[str, int, str]]:
    """Document, number and stratum of the sixty measures."""
    registered = {(row["document"], row["measure"]) for row in rows_of("recall.jsonl")}
    registered |= LISTED_WITHOUT_NUMERAL
    chosen: set[tuple[str, int, str]] = set()
    files = find_documents(folder)
    for key in READERS:
        texts = {
            m["number"]: (m["title"] or "") + m["text"]
            for m in read(key, files[key].read_text("utf-8"))
        }
        chosen |= {(key, *pick) for pick in choose_twelve(key, texts, registered)}
    return chosen


def choose_twelve(
    key: str, texts: dict[int, str], registered: set[tuple[str, int]]
) -> list[tuple[int, str]]:
    order = sorted(texts, key=lambda n: hashlib.sha256(f"{key}#{n}".encode()).hexdigest())
    others = [n for n in order if (key, n) not in registered]
    first = [n for n in order if (key, n) in registered][:7]
    misleading = [n for n in others if NUMERAL.search(texts[n])][:3]
    rest = [n for n in others if n not in misleading][: 12 - len(first) - len(misleading)]
    return (
        [(n, "register") for n in first]
        + [(n, "misleading") for n in misleading]
        + [(n, "other") for n in rest]
    )
