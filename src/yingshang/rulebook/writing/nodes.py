"""A YAML document with the exact place of every value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.nodes import Node as YamlNode

from yingshang.content.yaml import BadYaml, compose_document, read_documents

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Node:
    """A value with the characters that write it, without comments and line ends behind it.

    ``style`` is the mark with which a scalar begins (``'``, ``"``, ``|``, ``>``, none for a plain one);
    a collection in brackets is ``flow``. ``keys`` are a mapping's keys beside its ``parts``.
    """

    kind: str
    start: int
    end: int
    style: str = ""
    flow: bool = False
    parts: "tuple[Node, ...]" = ()
    keys: "tuple[Node, ...]" = ()
    name: str = ""

    def entry(self, key: str) -> "tuple[Node, Node] | None":
        """Return a mapping's key and value, None where it has no such key."""
        found = zip(self.keys, self.parts, strict=True)
        return next(((k, v) for k, v in found if k.name == key), None)


@dataclass(frozen=True)
class Source:
    """A document's text, its nodes, and what it says as plain data."""

    text: str
    root: Node
    value: Any

    def node(self, path: Path) -> Node:
        """Return the node at a path; raises ``KeyError`` where there is none."""
        node = self.root
        for step in path:
            if isinstance(step, int) and node.kind == "list":
                node = node.parts[step]
                continue
            found = node.entry(str(step)) if node.kind == "map" else None
            if found is None:
                raise KeyError(path)
            node = found[1]
        return node

    def get(self, path: Path, default: Any = None) -> Any:
        """Return the value at a path, ``default`` where there is none."""
        found = self.value
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return default
        return found


def read_source(text: str) -> Source:
    """Read a text of one document, which must be a mapping; raises :class:`BadYaml`."""
    documents = read_documents(text)
    root = compose_document(text)
    if len(documents) != 1 or root is None or not isinstance(documents[0].value, dict):
        raise BadYaml(params={"line": 1, "why": "应当恰好是一份由“名称: 值”组成的文档"})
    return Source(text, _node(text, root), documents[0].value)


def value_of(text: str) -> Any:
    """Return what a text says, None where it is no document."""
    try:
        documents = read_documents(text)
    except BadYaml:
        return None
    return documents[0].value if len(documents) == 1 else None


def _node(text: str, node: YamlNode) -> Node:
    start, end = _marks(node)
    if isinstance(node, MappingNode):
        keys = tuple(_node(text, key) for key, _value in node.value)
        parts = tuple(_node(text, value) for _key, value in node.value)
        end = end if node.flow_style else max((p.end for p in (*keys, *parts)), default=start)
        return Node("map", start, end, flow=bool(node.flow_style), parts=parts, keys=keys)
    if isinstance(node, SequenceNode):
        parts = tuple(_node(text, item) for item in node.value)
        end = end if node.flow_style else max((part.end for part in parts), default=start)
        return Node("list", start, end, flow=bool(node.flow_style), parts=parts)
    assert isinstance(node, ScalarNode)
    end = start + len(text[start:end].rstrip())
    return Node("scalar", start, end, style=node.style or "", name=str(node.value))


def _marks(node: YamlNode) -> tuple[int, int]:
    assert node.start_mark is not None
    assert node.end_mark is not None
    return node.start_mark.index, node.end_mark.index


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    yield node
    for part in (*node.keys, *node.parts):
        yield from walk(part)
