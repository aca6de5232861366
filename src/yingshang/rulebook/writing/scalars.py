"""How values are written in YAML: plainly where that is safe, else in quotation marks."""

import json
import re
from typing import Any, Final

import yaml

_PLAIN: Final = re.compile(r"[A-Za-z_!\u4e00-\u9fff《〔（][^\n\r\t\x00-\x1f\x7f]*")
_RISKY: Final = re.compile(r":\s|:$|\s#|[,\[\]{}]|[\u0080-\u009f\u2028\u2029\ufeff]|\s$")


def encode(value: Any) -> str:
    """Return a value as it may stand anywhere, in brackets too, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{encode(k)}: {encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(encode(one) for one in value) + "]"
    if isinstance(value, str):
        return value if is_plain(value) else quoted(value)
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_plain(text: str) -> bool:
    """Tell whether a text may stand without quotation marks, whatever reads it."""
    if _PLAIN.fullmatch(text) is None or _RISKY.search(text) or text.startswith("!"):
        return False
    return isinstance(yaml.safe_load(f"[{text}]")[0], str)


def quoted(text: str) -> str:
    """Return a text in quotation marks: single ones where they suffice."""
    if text.isprintable() and '"' in text and "'" not in text and "\\" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=not _is_printable(text))


def _is_printable(text: str) -> bool:
    return not any(c in "\x7f\ufeff\u2028\u2029" or "\x80" <= c <= "\x9f" for c in text)


def escaped(text: str, style: str) -> str:
    """Return a piece of text as it is written inside a scalar of a style."""
    if style == "'":
        return text.replace("'", "''")
    return json.dumps(text, ensure_ascii=False)[1:-1] if style == '"' else text
