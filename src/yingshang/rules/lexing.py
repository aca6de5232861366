"""From text to tokens, with the exact place of each."""

import re
from dataclasses import dataclass
from typing import Any, Final

from yingshang.rules.errors import NotAnExpression, TooLarge, UnsupportedConstruct

LONGEST_TEXT: Final = 20_000
"""Characters; the longest condition met in practice has about 600."""

RESERVED: Final = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
_TOKEN = re.compile(
    r"(?:[ \t\r\n\f]++|//[^\n]*+)*+"
    r"(?:(?P<string>(?:[rR][bB]?|[bB][rR]?)?(?:'''|\"\"\"|'|\"))"
    r"|(?P<double>(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)"
    r"|(?P<hex>0[xX][0-9a-fA-F]+)(?P<hexu>[uU])?"
    r"|(?P<int>\d+)(?P<intu>[uU])?"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<mark>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])"
    r"|(?P<end>\Z))"
)
"""What stands between tokens is skipped without a way back, so that time stays linear."""
_SPACE = re.compile(r"(?:[ \t\r\n\f]++|//[^\n]*+)*+")
_FIRST: Final = {"hexu": "hex", "intu": "int"}
"""The group with which a token begins, where it is not the last that matched."""
_ADVICE = {
    "，": ",", "（": "(", "）": ")", "“": '"', "”": '"', "‘": "'", "’": "'", "＝": "==", "≥": ">=",
    "≤": "<=", "＞": ">", "＜": "<", "≠": "!=", "！": "!", "：": ":", "？": "?", "=": "==", "&": "&&",
    "|": "||", "；": ",", "。": ".", "【": "[", "】": "]", "×": "*", "÷": "/", "＋": "+", "－": "-",
    "、": ",",
}  # fmt: skip
_WORDS = {"且": "&&", "并且": "&&", "或": "||", "或者": "||", "非": "!", "and": "&&", "or": "||"}
_SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
    "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:[xX](?P<hex>[0-9a-fA-F]{2})|u(?P<four>[0-9a-fA-F]{4})|U(?P<eight>[0-9a-fA-F]{8})"
    r"|(?P<octal>[0-3][0-7]{2})|(?P<simple>[abfnrtv\\?\"'`])|(?P<bad>.|$))",
    re.DOTALL,
)


@dataclass(slots=True)
class Token:
    """``kind`` is ``int``, ``uint``, ``double``, ``string``, ``bytes``, ``name``, a mark, or ``end``."""

    kind: str
    value: Any
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens, ending with one of kind ``end``; raises a fault that points at the place."""
    if len(text) > LONGEST_TEXT:
        raise TooLarge(
            f"条件有 {len(text)} 个字符，最多 {LONGEST_TEXT} 个", advice="请拆成条件树中的若干项"
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotAnExpression("文本含有不成对的代理字符") from error
    tokens: list[Token] = []
    place = 0
    while True:
        match = _TOKEN.match(text, place)
        if match is None:
            raise _foreign(text, place)
        kind = match.lastgroup
        if kind == "end":
            return [*tokens, Token("end", None, len(text), len(text))]
        if kind == "mark":
            mark = match["mark"]
            token = Token(mark, mark, match.start("mark"), match.end())
        else:
            token = _read(text, match)
        place = token.end
        tokens.append(token)


def _read(text: str, match: re.Match[str]) -> Token:
    kind = match.lastgroup
    assert kind is not None
    start, end = match.start(_FIRST.get(kind, kind)), match.end()
    match kind:
        case "string":
            return _string(text, start, match["string"])
        case "double":
            return Token("double", float(match["double"]), start, end)
        case "hex" | "hexu":
            return _integer(text, int(match["hex"], 16), match["hexu"], start, end)
        case "int" | "intu":
            return _integer(text, int(match["int"]), match["intu"], start, end)
        case _:
            return _name(text, match["name"], start, end)


def _integer(text: str, value: int, unsigned: str | None, start: int, end: int) -> Token:
    if value > (2**64 - 1 if unsigned else 2**63):
        raise NotAnExpression("整数超出 64 位范围", source=text, start=start, end=end)
    return Token("uint" if unsigned else "int", value, start, end)


def _name(text: str, word: str, start: int, end: int) -> Token:
    if word in RESERVED:
        raise NotAnExpression(f"“{word}”是保留字", source=text, start=start, end=end)
    if word in _WORDS:
        raise NotAnExpression(
            f"“{word}”不是运算符", advice=f"请写 {_WORDS[word]}", source=text, start=start, end=end
        )
    return Token("in" if word == "in" else "name", word, start, end)


def _foreign(text: str, place: int) -> NotAnExpression:
    place = _SPACE.match(text, place).end()  # type: ignore[union-attr]
    mark = text[place]
    advice = f"请写 {_ADVICE[mark]}" if mark in _ADVICE else ""
    return NotAnExpression(f"不认识的字符“{mark}”", advice=advice, source=text, start=place)


def _string(text: str, start: int, opening: str) -> Token:
    quote = opening.lstrip("rRbB")
    prefix = opening[: len(opening) - len(quote)].lower()
    begin = start + len(opening)
    stop = _closing(text, begin, quote, raw="r" in prefix)
    if stop < 0 or (len(quote) == 1 and "\n" in text[begin:stop]):
        raise NotAnExpression("字符串没有结束", advice=f"请补上 {quote}", source=text, start=start)
    body = text[begin:stop]
    end = stop + len(quote)
    if "b" in prefix:
        raise UnsupportedConstruct(
            "不支持字节串",
            advice="请写字符串",
            source=text,
            start=start,
            end=end,
            construct="bytes",
        )
    return Token("string", body if "r" in prefix else _unescape(text, begin, body), start, end)


def _closing(text: str, begin: int, quote: str, *, raw: bool) -> int:
    place = begin
    while place < len(text):
        if text[place] == "\\" and not raw:
            place += 2
        elif text.startswith(quote, place):
            return place
        else:
            place += 1
    return -1


def _unescape(text: str, begin: int, body: str) -> str:
    if "\\" not in body:
        return body

    def replace(match: re.Match[str]) -> str:
        if match["simple"]:
            return _SIMPLE[match["simple"]]
        digits = match["hex"] or match["four"] or match["eight"]
        code = int(digits, 16) if digits else int(match["octal"], 8) if match["octal"] else -1
        if code < 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            place = begin + match.start()
            raise NotAnExpression(
                f"不认识的转义 {match[0]}", advice=r"反斜杠请写 \\", source=text, start=place
            )
        return chr(code)

    return _ESCAPE.sub(replace, body)
