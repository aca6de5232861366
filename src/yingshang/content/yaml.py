"""Reading YAML so that every value knows its line, no key stands twice and nothing is guessed.

Only plain data is read (no tags). Scalars follow YAML 1.2's core schema: ``on``, ``yes`` and ``12:30``
are text, ``true`` and ``false`` are the only booleans; ISO dates are dates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from yingshang.kernel.errors import Invalid

try:
    from yaml import CSafeLoader as Quick
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as Quick  # type: ignore[assignment]

Path = tuple[str | int, ...]


class BadYaml(Invalid):
    """The text is not the plain YAML that packs are written in; ``params`` has the ``line``."""

    code = "bad_yaml"
    message = "第 %(line)s 行：%(why)s"


@dataclass
class Document:
    """One YAML document: its value, and the line (from 1) of every key and item by path."""

    value: Any
    line: int
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of the value at ``path``, or of the nearest value around it."""
        for end in range(len(path), 0, -1):
            if (line := self.lines.get(path[:end])) is not None:
                return line
        return self.line


DEEPEST = 100
"""So many levels may a document have."""
SPARE_NODES = 100_000
"""So many values may a document have by its aliases beyond those that are written."""
_MANY_LEVELS = 1_000
_COMPACT = re.compile(r"(?:[-?:][ \t]+){50}")
_SCALARS = frozenset({"str", "bool", "null", "int", "float", "timestamp"})


class _Resolver(BaseResolver):
    pass


_Resolver.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)
_Resolver.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""]
)
_Resolver.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9]\d*)$"), list("-0123456789")
)
_Resolver.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?\d+\.\d+$"), list("-0123456789")
)
_Resolver.add_implicit_resolver(
    "tag:yaml.org,2002:timestamp", re.compile(r"^\d{4}-\d{2}-\d{2}$"), list("0123456789")
)


class _Loader(Reader, Scanner, Parser, Composer, SafeConstructor, _Resolver):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        _Resolver.__init__(self)


class _FastLoader(Quick):
    """The same over libyaml, six times as fast."""

    yaml_implicit_resolvers = _Resolver.yaml_implicit_resolvers


AnyLoader = _Loader | _FastLoader


def read_documents(text: str) -> list[Document]:
    """Return every document of ``text`` that is not empty; raises :class:`BadYaml`."""
    _demand_shallow(text)
    most = len(text) + SPARE_NODES
    try:
        return _read(_FastLoader(text), most)
    except (yaml.YAMLError, ValueError):
        pass  # the slow reader says better what is wrong
    try:
        return _read(_Loader(text), most)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadYaml(params={"line": line, "why": _plain(error)}) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadYaml(params={"line": 1, "why": str(error).splitlines()[0]}) from error


def compose_document(text: str) -> Node | None:
    """Return the nodes of a text's only document, whose marks count characters; None for an empty one.

    For whoever changes a text in place. Raises :class:`BadYaml`, also where there are two documents.
    """
    _demand_shallow(text)
    try:
        return _Loader(text).get_single_node()
    except RecursionError as error:
        raise _too_deep(1) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadYaml(params={"line": line, "why": _plain(error)}) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadYaml(params={"line": 1, "why": str(error).splitlines()[0]}) from error


def _demand_shallow(text: str) -> None:
    """Raise :class:`BadYaml` where a text is nested so deeply that reading it would end the program.

    Only a text that could be is looked through; libyaml tells its events without going down.
    """
    if text.count("[") + text.count("{") < _MANY_LEVELS and not _COMPACT.search(text):
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=Quick):
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if depth > DEEPEST:
                raise _too_deep(event.start_mark.line + 1 if event.start_mark else 1)
    except yaml.YAMLError:
        return


def _too_deep(line: int) -> BadYaml:
    return BadYaml(params={"line": line, "why": f"嵌套超过 {DEEPEST} 层，或者引用了自己"})


def _read(loader: AnyLoader, most: int) -> list[Document]:
    documents = []
    while loader.check_node():
        node = loader.get_node()
        assert node is not None
        document = Document(None, node.start_mark.line + 1)
        document.value = _build(loader, node, (), document.lines, most)
        if document.value is not None:
            documents.append(document)
    return documents


def read_file(path: FilePath) -> list[Document]:
    """Return the documents of a UTF-8 file; raises :class:`BadYaml`."""
    try:
        return read_documents(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BadYaml(params={"line": 1, "why": "文件应以 UTF-8 编码保存"}) from error


def _plain(error: yaml.MarkedYAMLError) -> str:
    if "cannot start any token" in (error.problem or ""):
        return "这里的符号需要加引号，缩进请用空格"
    return f"写法有误（{error.problem}）"


def _build(loader: AnyLoader, node: Node, path: Path, lines: dict[Path, int], most: int) -> Any:
    if len(path) > DEEPEST:
        raise _too_deep(node.start_mark.line + 1)
    if len(lines) > most:
        raise BadYaml(params={"line": node.start_mark.line + 1, "why": "引用（*）展开后太大"})
    if isinstance(node, MappingNode):
        return dict(_pairs(loader, node, path, lines, most))
    if isinstance(node, SequenceNode):
        for place, item in enumerate(node.value):
            lines[(*path, place)] = item.start_mark.line + 1
        return [_build(loader, item, (*path, i), lines, most) for i, item in enumerate(node.value)]
    return _scalar(loader, node)


def _scalar(loader: AnyLoader, node: Node) -> Any:
    assert isinstance(node, ScalarNode)
    if str(node.tag).removeprefix("tag:yaml.org,2002:") not in _SCALARS:
        raise BadYaml(params={"line": node.start_mark.line + 1, "why": f"不支持标签 {node.tag}"})
    return loader.construct_object(node)


def _pairs(
    loader: AnyLoader, node: MappingNode, path: Path, lines: dict[Path, int], most: int
) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in seen:
            raise BadYaml(params={"line": line, "why": f"“{key}”写了两次"})
        seen.add(key)
        lines[(*path, key)] = line
        yield key, _build(loader, value_node, (*path, key), lines, most)
