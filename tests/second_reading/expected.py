"""Expected values of the 446 measures: written from the second reading, loaded by the tests.

Of a text only its length, its first and last eight characters and a digest are kept. ``python -m
tests.second_reading.expected <folder with the plans>`` writes the files again.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.second_reading.read import FRONT, HERE, Record, find_documents, read

FOLDER = HERE / "expected"
ENDS = 8


def abridge(record: Record) -> Record:
    """A measure with the mark of its text in place of the text."""
    return {name: mark(value) if name == "text" else value for name, value in record.items()}


def mark(text: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return {"length": len(text), "first": text[:ENDS], "last": text[-ENDS:], "sha256": digest}


def load(key: str) -> Record:
    """The expected front page and measures of the document `key`."""
    found: Record = json.loads((FOLDER / f"{key}.json").read_text("utf-8"))
    return found


def write(plans: Path) -> None:
    FOLDER.mkdir(exist_ok=True)
    for key, path in find_documents(plans).items():
        measures = [abridge(record) for record in read(key, path.read_text("utf-8"))]
        lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in measures)
        front = json.dumps(FRONT[key], ensure_ascii=False)
        text = f'{front[:-1]}, "measures": [\n{lines}\n]}}\n'
        (FOLDER / f"{key}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
