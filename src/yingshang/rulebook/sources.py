"""The text from which a version of a rule was read, byte for byte: comments and layout included."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.content.packs import pack_folders
from yingshang.content.yaml import BadYaml, read_documents
from yingshang.kernel.kinds import KINDS
from yingshang.rulebook.models import RuleDraft


def split_documents(text: str) -> list[str]:
    """Return the texts of the documents of a file, without the lines that part them.

    Joined by the lines taken out they are the file again. Comments above the first document belong to
    it, those below ``---`` to the document that follows. Raises :class:`BadYaml`.
    """
    bounds = [0]
    try:
        starts = [
            event.start_mark.index
            for event in yaml.parse(text, Loader=yaml.SafeLoader)
            if isinstance(event, yaml.DocumentStartEvent) and event.explicit and event.start_mark
        ]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadYaml(params={"line": line, "why": error.problem}) from error
    for start in starts:
        end = text.find("\n", start)
        bounds += [start, len(text) if end < 0 else end + 1]
    bounds.append(len(text))
    return [text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)]


def source_of(version: ContentVersion) -> str:
    """Return the document that a version of a policy was read from.

    That is the published draft's text, or the pack's file where it still says the same; else the
    stored body as plain YAML.
    """
    draft = RuleDraft.objects.filter(published_as=version).order_by("pk").only("text").first()
    if draft is not None:
        return draft.text
    found = next(_documents_on_disk(version), None)
    return found if found is not None else written(version.body)


def written(body: Any) -> str:
    """Return plain YAML of a declaration, in the order of its keys."""
    return str(yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=88))


def _documents_on_disk(version: ContentVersion) -> Iterator[str]:
    kind = KINDS.get(version.kind)
    folder = pack_folders().get(version.pack)
    if folder is None:
        return
    for path in sorted((folder / kind.folder).glob("**/*.yaml")):
        for text in _documents_about(path, version.key):
            if _digest(version.kind, text) == version.digest:
                yield text


def _documents_about(path: Path, key: str) -> Iterator[str]:
    try:
        whole = path.read_bytes().decode("utf-8")
        if key in whole:
            yield from (text for text in split_documents(whole) if key in text)
    except (OSError, UnicodeDecodeError, BadYaml):
        return


def _digest(kind: str, text: str) -> str:
    try:
        (document,) = read_documents(text)
        return digest_of(canonical_body(KINDS.get(kind).model.model_validate(document.value)))
    except (BadYaml, ValueError):
        return ""
