"""Packs written for one test."""

from pathlib import Path
from textwrap import dedent

import pytest


@pytest.fixture
def packs(tmp_path: Path, settings):
    """Return a function that writes a pack's files into an otherwise empty content folder."""
    root = tmp_path / "content"
    root.mkdir()
    settings.CONTENT_DIRS = [root]

    def write(name: str, *, requires: tuple[str, ...] = (), **files: str) -> Path:
        folder = root / name
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text(
            f"name: {name}\nlabel: 试\nlabel_en: Trial\nrequires: [{', '.join(requires)}]\n"
        )
        for place, text in files.items():
            kind, file = place.split("__")
            (folder / kind).mkdir(exist_ok=True)
            (folder / kind / f"{file}.yaml").write_text(dedent(text), encoding="utf-8")
        return folder

    return write


ROLE = """\
key: clerk
label: 经办人
label_en: Clerk
permissions: [content.load]
"""
