"""Finding packs on disk and reading them into valid declarations and findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from yingshang.content.bodies import canonical_body, digest_of
from yingshang.content.yaml import BadYaml, Document, read_file
from yingshang.kernel.errors import Invalid, Missing
from yingshang.kernel.kinds import KINDS, Declaration, Kind

MANIFEST = "pack.yaml"


class UnknownPack(Missing):
    """There is no folder with a ``pack.yaml`` of this name."""

    code = "unknown_pack"
    message = "没有名为 %(name)s 的内容包；现有：%(known)s"


class PacksInCircle(Invalid):
    """Packs require each other in a circle."""

    code = "packs_in_circle"
    message = "内容包相互依赖成环：%(names)s"


class Manifest(BaseModel):
    """``pack.yaml``: what the pack is called and which packs it builds on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    label: str
    label_en: str
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackFinding:
    """One remark about a pack: where it is, and what to write instead."""

    path: str
    line: int
    pack: str
    kind: str
    key: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} [{self.code}]"


@dataclass(frozen=True)
class Declared:
    """One valid declaration with its place."""

    pack: str
    kind: Kind
    value: Declaration
    path: str
    document: Document

    @cached_property
    def body(self) -> dict[str, Any]:
        """The declaration as plain JSON; made once, for a pack that stays as it is stays read."""
        return canonical_body(self.value)

    @cached_property
    def digest(self) -> str:
        """The digest of :attr:`body`."""
        return digest_of(self.body)


@dataclass
class Pack:
    """A pack as read from disk; ``declared`` holds only what is valid."""

    manifest: Manifest
    folder: Path
    declared: list[Declared] = field(default_factory=list)
    findings: list[PackFinding] = field(default_factory=list)


def pack_folders() -> dict[str, Path]:
    """Return every pack's folder by name; a later content folder wins over an earlier one."""
    return {
        manifest.parent.name: manifest.parent
        for root in settings.CONTENT_DIRS
        for manifest in sorted(Path(root).glob(f"*/{MANIFEST}"))
    }


def read_packs(names: Iterable[str]) -> list[Pack]:
    """Read packs and all that they require, required ones first.

    Raises :class:`UnknownPack`, :class:`PacksInCircle`, and :class:`Invalid` for an unreadable
    manifest; every other fault becomes a finding of its pack.
    """
    folders = pack_folders()
    done: dict[str, Pack] = {}
    for name in names:
        _visit(name, folders, done, ())
    return list(done.values())


def _visit(
    name: str, folders: Mapping[str, Path], done: dict[str, Pack], trail: tuple[str, ...]
) -> None:
    if name in done:
        return
    if name in trail:
        raise PacksInCircle(params={"names": " → ".join((*trail, name))})
    if name not in folders:
        raise UnknownPack(params={"name": name, "known": "、".join(sorted(folders)) or "无"})
    manifest = read_manifest(folders[name])
    for required in manifest.requires:
        _visit(required, folders, done, (*trail, name))
    done[name] = read_pack(folders[name], manifest)


def read_manifest(folder: Path) -> Manifest:
    """Read ``pack.yaml``; raises :class:`Invalid` with file, line and what to write."""
    path = folder / MANIFEST
    try:
        documents = read_file(path)
    except BadYaml as error:
        raise Invalid(f"{shown(path)}: {error}", code="bad_manifest") from error
    if len(documents) != 1:
        raise Invalid(f"{shown(path)}: 应当恰好有一份文档", code="bad_manifest")
    try:
        manifest = Manifest.model_validate(documents[0].value)
    except ValidationError as error:
        first = error.errors()[0]
        line = documents[0].line_of(first["loc"])
        why = explain(first, Manifest)
        raise Invalid(f"{shown(path)}:{line}: {why}", code="bad_manifest") from error
    if manifest.name != folder.name:
        raise Invalid(f"{shown(path)}: name 应与文件夹同名（{folder.name}）", code="bad_manifest")
    return manifest


_last_read: dict[Path, tuple[object, Pack]] = {}
"""Each folder's pack with the state of files and kinds in which it was read."""


def read_pack(folder: Path, manifest: Manifest) -> Pack:
    """Read every declaration of one pack, in the order of kinds' names, files and documents.

    A pack of which no file has changed since it was last read in this process is not read again.
    """
    state = (manifest, [kind for _, kind in KINDS], [*_states_of_files(folder)])
    last, pack = _last_read.get(folder, (None, None))
    if pack is None or last != state:
        pack = _read_pack(folder, manifest)
        _last_read[folder] = (state, pack)
    return pack


def _states_of_files(folder: Path) -> Iterator[tuple[Path, int, int]]:
    for path in sorted(folder.glob("**/*")):
        found = path.stat()
        yield path, found.st_mtime_ns, found.st_size


def _read_pack(folder: Path, manifest: Manifest) -> Pack:
    pack = Pack(manifest, folder)
    kinds = {kind.folder: kind for _, kind in KINDS}
    for child in sorted(folder.iterdir()):
        if child.name not in kinds and _holds_declarations(child):
            known = "、".join(sorted(kinds))
            _note(pack, child, 1, "unknown_folder", f"没有这种内容；文件夹可以是：{known}")
    for name, kind in sorted(kinds.items()):
        for path in sorted((folder / name).glob("**/*.yaml")):
            _read_file(pack, kind, path)
    return pack


def _holds_declarations(folder: Path) -> bool:
    """Tell a folder of declarations from one of documents that a pack ships (plans, pictures)."""
    return (
        not folder.name.startswith((".", "_")) and next(folder.glob("**/*.yaml"), None) is not None
    )


def _read_file(pack: Pack, kind: Kind, path: Path) -> None:
    try:
        documents = read_file(path)
    except BadYaml as error:
        _note(pack, path, int(error.params["line"]), error.code, str(error), kind.name)
        return
    for document in documents:
        _read_document(pack, kind, path, document)


def _read_document(pack: Pack, kind: Kind, path: Path, document: Document) -> None:
    key = ""
    if isinstance(document.value, dict):
        key = str(document.value.get("key", ""))
    try:
        value = kind.model.model_validate(document.value)
    except ValidationError as error:
        for detail in error.errors():
            line = document.line_of(detail["loc"])
            _note(pack, path, line, detail["type"], explain(detail, kind.model), kind.name, key=key)
        return
    if any(d.kind is kind and d.value.key == value.key for d in pack.declared):
        message = f"标识 {value.key} 在本内容包里已经用过"
        _note(pack, path, document.line_of(("key",)), "key_twice", message, kind.name, key=key)
        return
    pack.declared.append(Declared(pack.manifest.name, kind, value, shown(path), document))


def _note(
    pack: Pack, path: Path, line: int, code: str, message: str, kind: str = "", key: str = ""
) -> None:
    pack.findings.append(
        PackFinding(shown(path), line, pack.manifest.name, kind, key, code, message)
    )


def shown(path: Path) -> str:
    """Return a path as people type it: relative to the content folder's parent where possible."""
    for root in settings.CONTENT_DIRS:
        if path.is_relative_to(root):
            return str(path.relative_to(Path(root).parent))
    return str(path)


def explain(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """Say in a plain sentence what is wrong with one value and what to write."""
    name = ".".join(str(part) for part in detail["loc"]) or "整份文档"
    context: Mapping[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"缺少 {name}，请补上"
        case "extra_forbidden":
            near = get_close_matches(str(detail["loc"][-1]), sorted(_names(model)), n=1)
            hint = f"，是不是 {near[0]}？" if near else ""
            return f"不认识 {name}{hint}"
        case "literal_error" | "enum":
            return f"{name} 只能写 {context.get('expected')}，现在是 {detail['input']!r}"
        case "string_type":
            return f"{name} 应写文字，现在是 {detail['input']!r}（可加引号）"
        case "value_error" | "assertion_error":
            return f"{name}：{context.get('error')}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{name} 应写成“名称: 值”的各行"
        case "tuple_type" | "list_type":
            return f"{name} 应写成列表，每项一行，以“- ”开头"
        case _:
            return f"{name} 写得不对：{detail['msg']}，现在是 {detail['input']!r}"


def _names(model: type[BaseModel]) -> Iterator[str]:
    seen: set[type[BaseModel]] = set()
    todo: list[type[BaseModel]] = [model]
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        for name, info in current.model_fields.items():
            yield info.alias or name
            todo.extend(_models_in(info.annotation))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)
