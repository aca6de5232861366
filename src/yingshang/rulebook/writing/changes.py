"""Changes of a document in place, each checked by reading the document again."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from yingshang.rulebook.writing.errors import CannotEdit
from yingshang.rulebook.writing.nodes import Node, Path, Source, read_source, value_of, walk
from yingshang.rulebook.writing.scalars import encode, escaped, quoted

Meant = Callable[[Any], None]
"""Does to the plain data what the change does to the text."""


def set_text(source: Source, path: Path, text: str) -> Source:
    """Give a text value another text; only the span of the value changes. Raises :class:`CannotEdit`."""
    old = source.get(path)
    if old == text:
        return source
    if isinstance(old, str):
        head, tail = _common(old, text)
        return change_within(source, path, head, len(old) - tail, text[head : len(text) - tail])
    return replace_value(source, path, text)


def change_within(source: Source, path: Path, start: int, end: int, new: str) -> Source:
    """Replace some characters of a text value; only their own span changes where the layout lets it.

    Raises :class:`CannotEdit`.
    """
    old = source.get(path)
    meant = _assigned(path, old[:start] + new + old[end:])
    node = source.node(path)
    tries = _tries_within(source.text, node, old, start, end, new)
    return _first(source, meant, tries)


def _tries_within(text: str, node: Node, old: str, start: int, end: int, new: str) -> Iterator[str]:
    """Yield texts with the piece replaced: at its own place, elsewhere, with the whole value rewritten."""
    start, end, new = _widened(old, start, end, new)
    raw, piece = text[node.start : node.end], old[start:end]
    written = escaped(piece, node.style)
    places = list(_places(raw, written))
    rank = sum(1 for place in _places(old, piece) if place < start)
    for place in (*places[rank : rank + 1], *places):
        at = node.start + place
        yield text[:at] + escaped(new, node.style) + text[at + len(written) :]
    whole = old[:start] + new + old[end:]
    if has_comment(text, node):
        return
    if node.style in ("'", '"'):
        mark = node.style
        yield text[: node.start] + mark + escaped(whole, mark) + mark + text[node.end :]
    for one in (encode(whole), quoted(whole)):
        yield text[: node.start] + one + text[node.end :]


def _widened(old: str, start: int, end: int, new: str) -> tuple[int, int, str]:
    """Take a neighbouring character along where nothing would be replaced, so that there is a place."""
    if start == end and start < len(old):
        return start, end + 1, new + old[start]
    if start == end and start > 0:
        return start - 1, end, old[start - 1] + new
    return start, end, new


def _places(text: str, piece: str) -> Iterator[int]:
    place = text.find(piece) if piece else -1
    while place >= 0:
        yield place
        place = text.find(piece, place + 1)


def _common(old: str, new: str) -> tuple[int, int]:
    """Return how many characters at the beginning and at the end are the same."""
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    rest = most - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return head, tail


def replace_value(source: Source, path: Path, value: Any) -> Source:
    """Write another value in the place of one, on one line. Raises :class:`CannotEdit`."""
    node = source.node(path)
    return replace_written(source, path, encode(value), value, node)


def replace_written(
    source: Source, path: Path, written: str, value: Any, node: Node | None = None
) -> Source:
    """Put a text that says ``value`` in the place of a value, unless a comment would go with it."""
    node = node or source.node(path)
    if has_comment(source.text, node):
        raise CannotEdit
    space = "" if node.start == 0 or source.text[node.start - 1] in " \n[{(" else " "
    text = source.text[: node.start] + space + written + source.text[node.end :]
    return _first(source, _assigned(path, value), [text])


def rename_key(source: Source, path: Path, old: str, new: str) -> Source:
    """Call a mapping's key otherwise. Raises :class:`CannotEdit`."""
    found = source.node(path).entry(old)
    if found is None:
        raise CannotEdit
    key = found[0]
    text = source.text[: key.start] + encode(new) + source.text[key.end :]

    def meant(value: Any) -> None:
        holder = _at(value, path)
        entries = [(new if k == old else k, v) for k, v in holder.items()]
        holder.clear()
        holder.update(entries)

    return _first(source, meant, [text])


def set_key(source: Source, path: Path, key: str, value: Any, *, after: str = "") -> Source:
    """Give a mapping a key, ``after`` another or at its end, or another value for one that it has.

    Raises :class:`CannotEdit`.
    """
    node = source.node(path)
    if node.kind != "map":
        raise CannotEdit
    if node.entry(key) is not None:
        where = (*path, key)
        if isinstance(value, str) and isinstance(source.get(where), str):
            return set_text(source, where, value)
        return replace_value(source, where, value)
    place = node.entry(after) or ((node.keys[-1], node.parts[-1]) if node.keys else None)
    if place is None:
        return replace_value(source, path, {key: value})
    written = f"{encode(key)}: {encode(value)}"
    at = place[1].end if place[1].end > place[1].start else place[0].end + 1
    if node.flow:
        text = f"{source.text[:at]}, {written}{source.text[at:]}"
    else:
        line = _line_end(source.text, at)
        indent = " " * _column(source.text, node.keys[0].start)
        head = source.text[:line]
        lines = _lines(key, value, indent)
        text = f"{head}{_break(head)}{lines}\n{source.text[line:]}"

    def meant(data: Any) -> None:
        _at(data, path)[key] = value

    return _first(source, meant, [text])


def _lines(key: str, value: Any, indent: str) -> str:
    """Write a key on lines of its own: what is in a mapping below it, items of a list one by one."""
    if not isinstance(value, dict) or not value:
        return f"{indent}{encode(key)}: {encode(value)}"
    found = [f"{indent}{encode(key)}:"]
    for name, one in value.items():
        if isinstance(one, list) and one:
            found.append(f"{indent}  {encode(name)}:")
            found += [f"{indent}    - {encode(item)}" for item in one]
        else:
            found.append(f"{indent}  {encode(name)}: {encode(one)}")
    return "\n".join(found)


def _break(head: str) -> str:
    return "" if head.endswith("\n") else "\n"


def remove_key(source: Source, path: Path, key: str) -> Source:
    """Take a key out of a mapping that has others. Raises :class:`CannotEdit`."""
    node = source.node(path)
    found = node.entry(key) if node.kind == "map" else None
    if found is None or len(node.keys) < 2:
        raise CannotEdit
    place = node.keys.index(found[0])
    text = source.text

    def meant(value: Any) -> None:
        del _at(value, path)[key]

    return _first(source, meant, _without_key(text, node, place))


def _without_key(text: str, node: Node, place: int) -> Iterator[str]:
    key, value = node.keys[place], node.parts[place]
    stop = max(value.end, text.find(":", key.end) + 1)
    if node.flow:
        if place:
            begin = max(node.parts[place - 1].end, node.keys[place - 1].end)
            yield text[:begin] + text[stop:]
        else:
            yield text[: key.start] + text[node.keys[1].start :]
        return
    begin, end = _line_start(text, key.start), _line_end(text, stop)
    if text[begin : key.start].strip():
        if place + 1 < len(node.keys):
            yield text[: key.start] + text[node.keys[place + 1].start :]
        return
    yield text[:begin] + text[end:]


def insert_item(source: Source, path: Path, place: int, value: Any) -> Source:
    """Put an item into a list that has others. Raises :class:`CannotEdit`."""
    node = source.node(path)
    if node.kind != "list" or not node.parts:
        raise CannotEdit

    def meant(data: Any) -> None:
        _at(data, path).insert(place, value)

    return _first(source, meant, _with_item(source.text, node, place, encode(value)))


def _with_item(text: str, node: Node, place: int, written: str) -> Iterator[str]:
    if node.flow:
        if place < len(node.parts):
            at = node.parts[place].start
            yield f"{text[:at]}{written}, {text[at:]}"
        else:
            at = node.parts[-1].end
            yield f"{text[:at]}, {written}{text[at:]}"
        return
    dashes = [_dash(text, part.start) for part in node.parts]
    indent = " " * _column(text, dashes[0])
    if place < len(node.parts):
        at = dashes[place]
        yield f"{text[:at]}- {written}\n{indent}{text[at:]}"
    else:
        at = _line_end(text, node.parts[-1].end)
        head = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
        yield f"{head}{indent}- {written}\n{text[at:]}"


def remove_item(source: Source, path: Path, place: int) -> Source:
    """Take an item out of a list that has others. Raises :class:`CannotEdit`."""
    node = source.node(path)
    if node.kind != "list" or len(node.parts) < 2:
        raise CannotEdit

    def meant(data: Any) -> None:
        del _at(data, path)[place]

    return _first(source, meant, _without_item(source.text, node, place))


def _without_item(text: str, node: Node, place: int) -> Iterator[str]:
    part = node.parts[place]
    if node.flow:
        if place:
            yield text[: node.parts[place - 1].end] + text[part.end :]
        else:
            yield text[: part.start] + text[node.parts[1].start :]
        return
    dash = _dash(text, part.start)
    if not text[_line_start(text, dash) : dash].strip():
        yield text[: _line_start(text, dash)] + text[_line_end(text, part.end) :]
    elif place + 1 < len(node.parts):
        yield text[:dash] + text[_dash(text, node.parts[place + 1].start) :]


def swap_items(source: Source, path: Path, place: int) -> Source:
    """Exchange an item of a list with the next one. Raises :class:`CannotEdit`."""
    node = source.node(path)
    if node.kind != "list" or not 0 <= place < len(node.parts) - 1:
        raise CannotEdit

    def meant(data: Any) -> None:
        items = _at(data, path)
        items[place], items[place + 1] = items[place + 1], items[place]

    return _first(source, meant, _swapped(source.text, node, place))


def _swapped(text: str, node: Node, place: int) -> Iterator[str]:
    one, other = node.parts[place], node.parts[place + 1]
    if not node.flow:
        a, b = _dash(text, one.start), _dash(text, other.start)
        ends = _line_end(text, one.end), _line_end(text, other.end)
        starts = _line_start(text, a), _line_start(text, b)
        if not text[starts[0] : a].strip():
            second = text[starts[1] : ends[1]]
            yield (
                text[: starts[0]]
                + (second if second.endswith("\n") else second + "\n")
                + text[ends[0] : starts[1]]
                + text[starts[0] : ends[0]]
                + text[ends[1] :]
            )
    yield (
        text[: one.start]
        + text[other.start : other.end]
        + text[one.end : other.start]
        + text[one.start : one.end]
        + text[other.end :]
    )


def wrap(source: Source, path: Path, kind: str) -> Source:
    """Make a group of one part out of a value: ``{kind: [value]}``. Raises :class:`CannotEdit`."""
    node = source.node(path)
    value = source.get(path)
    return _first(source, _assigned(path, {kind: [value]}), _wrapped(source.text, node, kind))


def _wrapped(text: str, node: Node, kind: str) -> Iterator[str]:
    raw = text[node.start : node.end]
    if "\n" not in raw:
        yield f"{text[: node.start]}{{{kind}: [{raw}]}}{text[node.end :]}"
    column = _column(text, node.start)
    line = text[_line_start(text, node.start) : node.start]
    if node.style not in ("|", ">") and set(line) <= set(" -"):
        below = raw.replace("\n", "\n    ")
        yield f"{text[: node.start]}{kind}:\n{' ' * (column + 2)}- {below}{text[node.end :]}"
    yield f"{text[: node.start]}{{{kind}: [{encode(node.name)}]}}{text[node.end :]}"


def group_up(source: Source, path: Path, kind: str, values: list[Any]) -> Source:
    """Write a group with these parts in the place of a value, a line for each where there is room.

    Raises :class:`CannotEdit`.
    """
    node = source.node(path)
    if has_comment(source.text, node):
        raise CannotEdit
    tries = _grouped(source.text, node, kind, values)
    return _first(source, _assigned(path, {kind: values}), tries)


def _grouped(text: str, node: Node, kind: str, values: list[Any]) -> Iterator[str]:
    before = text[_line_start(text, node.start) : node.start]
    head, tail = text[: node.start], text[node.end :]
    if set(before) <= set(" -"):
        indent = " " * (_column(text, node.start) + 2)
        yield head + f"{kind}:" + "".join(f"\n{indent}- {encode(one)}" for one in values) + tail
    indent = " " * (len(before) - len(before.lstrip(" -")) + 2)
    lines = "".join(f"\n{indent}  - {encode(one)}" for one in values)
    yield f"{head.rstrip(' ')}\n{indent}{kind}:{lines}{tail}"
    yield f"{head}{{{kind}: {encode(values)}}}{tail}"


def has_comment(text: str, node: Node) -> bool:
    """Tell whether a comment stands inside a value, which would go with it."""
    kept = list(text[node.start : node.end])
    for part in walk(node):
        if part.kind == "scalar":
            first = text.find("\n", part.start, part.end)
            begin = first if part.style in ("|", ">") and first > 0 else part.start
            for place in range(begin - node.start, part.end - node.start):
                kept[place] = " "
    return "#" in kept


def unwrap(source: Source, path: Path, inner: Path) -> Source:
    """Put the only part of a group in the place of the group. Raises :class:`CannotEdit`."""
    node, part = source.node(path), source.node((*path, *inner))
    around = source.text[node.start : part.start] + source.text[part.end : node.end]
    if "#" in around:
        raise CannotEdit
    value = source.get((*path, *inner))
    raw = source.text[part.start : part.end]
    tries = [
        source.text[: node.start] + raw + source.text[node.end :],
        source.text[: node.start] + encode(value) + source.text[node.end :],
    ]
    return _first(source, _assigned(path, value), tries)


def _first(source: Source, meant: Meant, tries: "Iterator[str] | list[str]") -> Source:
    """Return the first text that says what is meant; raises :class:`CannotEdit`."""
    wanted = deepcopy({"": source.value})
    meant(wanted)
    for text in _in_line_ends_of(source.text, tries):
        if value_of(text) == wanted[""] and _same_types(value_of(text), wanted[""]):
            return read_source(text)
    raise CannotEdit


def _in_line_ends_of(text: str, tries: "Iterator[str] | list[str]") -> Iterator[str]:
    """Write new lines with the line ends that the text has."""
    is_other = "\r\n" in text and "\n" not in text.replace("\r\n", "")
    for one in tries:
        yield one.replace("\r\n", "\n").replace("\n", "\r\n") if is_other else one


def _same_types(one: Any, other: Any) -> bool:
    """Tell what equality does not: ``true`` and ``1``. Of equal values."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return all(_same_types(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return all(_same_types(a, b) for a, b in zip(one, other, strict=True))
    return True


def _assigned(path: Path, value: Any) -> Meant:
    def meant(data: Any) -> None:
        holder, key = (_at(data, path[:-1]), path[-1]) if path else (data, "")
        holder[key] = value

    return meant


def _at(data: Any, path: Path) -> Any:
    found = data[""]
    for step in path:
        found = found[step]
    return found


def _column(text: str, place: int) -> int:
    return place - _line_start(text, place)


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    """Return where the line ends in which a place lies, its line end included."""
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _dash(text: str, place: int) -> int:
    """Return where the dash stands before an item of a list."""
    found = text.rfind("-", 0, place)
    if found < 0:
        raise CannotEdit
    return found
