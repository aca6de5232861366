"""A recursive-descent parser for the subset; what CEL knows and we refuse is refused by name."""

from functools import partial
from typing import Final, NoReturn

from yingshang.rules.errors import NotAnExpression, TooLarge, UnsupportedConstruct
from yingshang.rules.lexing import Token, tokenize
from yingshang.rules.syntax import (
    AND,
    COMPARISONS,
    INDEX,
    MACROS,
    NEGATE,
    NOT,
    OR,
    Call,
    Choice,
    Group,
    Has,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    children,
)

DEEPEST: Final = 60
"""Levels of nesting; the interpreter's own stack allows several times as many."""

MOST_NODES: Final = 4_000
_STRENGTH: Final = {
    **dict.fromkeys((*COMPARISONS, "in"), 1),
    **dict.fromkeys("+-", 2),
    **dict.fromkeys("*/%", 3),
}
_CONSTANTS: Final = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}


def parse(text: str) -> Node:
    """Return the syntax tree of one expression.

    Raises :class:`NotAnExpression`, :class:`UnsupportedConstruct` or :class:`TooLarge`, each with the
    place. Time is linear in the length of the text.
    """
    parser = _Parser(text)
    node = parser.expression()
    parser.expect("end", "表达式到此应当结束")
    _check_size(text, node)
    return node


def _check_size(text: str, root: Node) -> None:
    count = 0
    level = [root]
    depth = 0
    while level:
        depth += 1
        count += len(level)
        if depth > DEEPEST or count > MOST_NODES:
            raise TooLarge(
                f"表达式太大：最多 {MOST_NODES} 个部分、{DEEPEST} 层",
                advice="请拆成条件树中的若干项",
                source=text,
                start=level[0].start,
                end=level[0].end,
            )
        level = [child for node in level for child in children(node)]


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.place = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def at(self, kind: str) -> bool:
        return self.tokens[self.place].kind == kind

    def take(self, kind: str) -> Token | None:
        token = self.tokens[self.place]
        if token.kind != kind:
            return None
        self.place += 1
        return token

    def expect(self, kind: str, why: str) -> Token:
        token = self.take(kind)
        if token is None:
            self.fail(why, advice="" if kind in ("end", "name") else f"此处需要 {kind}")
        return token

    def fail(self, what: str, *, advice: str = "") -> NoReturn:
        token = self.token
        found = "文末" if token.kind == "end" else f"“{self.text[token.start : token.end]}”"
        raise NotAnExpression(
            f"{what}，却遇到{found}",
            advice=advice,
            source=self.text or " ",
            start=token.start,
            end=max(token.end, token.start + 1),
        )

    def refuse(self, construct: str, what: str, advice: str, start: int, end: int) -> NoReturn:
        raise UnsupportedConstruct(
            what, advice=advice, source=self.text, start=start, end=end, construct=construct
        )

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooLarge(
                f"嵌套超过 {DEEPEST} 层",
                advice="请拆成条件树中的若干项",
                source=self.text,
                start=self.token.start,
            )
        node = self.logical(OR)
        if self.take("?"):
            yes = self.logical(OR)
            self.expect(":", "条件表达式写作 条件 ? 甲 : 乙")
            no = self.expression()
            node = Choice(node.start, no.end, node, yes, no)
        self.depth -= 1
        return node

    def logical(self, operator: str) -> Node:
        operand = partial(self.logical, AND) if operator == OR else partial(self.binary, 1)
        parts = [operand()]
        while self.take(operator):
            parts.append(operand())
        if len(parts) == 1:
            return parts[0]
        flat = [
            leaf
            for part in parts
            for leaf in (
                part.parts if isinstance(part, Group) and part.operator == operator else (part,)
            )
        ]
        return Group(parts[0].start, parts[-1].end, operator, tuple(flat))

    def binary(self, weakest: int) -> Node:
        left = self.unary()
        while True:
            operator = self.tokens[self.place]
            strength = _STRENGTH.get(operator.kind, 0)
            if strength < weakest:
                return left
            self.place += 1
            right = self.binary(strength + 1)
            left = Call(left.start, right.end, operator.kind, (left, right))

    def unary(self) -> Node:
        if self.tokens[self.place].kind not in "!-":
            return self.member(minus=None)
        marks: list[Token] = []
        while self.token.kind in ("!", "-"):
            marks.append(self.token)
            self.place += 1
            if len(marks) > DEEPEST:
                raise TooLarge(f"嵌套超过 {DEEPEST} 层", source=self.text, start=marks[0].start)
        if len({mark.kind for mark in marks}) > 1:
            self.fail("! 和 - 不能连写", advice="请加括号")
        negative = bool(marks) and marks[-1].kind == "-" and self.token.kind in ("int", "double")
        node = self.member(minus=marks.pop() if negative else None)
        for mark in reversed(marks):
            function = NOT if mark.kind == "!" else NEGATE
            node = Call(mark.start, node.end, function, (node,))
        return node

    def member(self, *, minus: Token | None) -> Node:
        node = self.number(minus) if minus else self.primary()
        while self.tokens[self.place].kind in ".[{":
            if self.take("."):
                node = self.attribute(node)
            elif self.take("["):
                index = self.expression()
                end = self.expect("]", "下标没有结束").end
                node = Call(node.start, end, INDEX, (node, index))
            else:
                self.refuse("message", "不支持消息字面量", "", self.token.start, self.token.end)
        return node

    def attribute(self, target: Node) -> Node:
        if self.take("?"):
            token = self.tokens[self.place - 1]
            self.refuse("optional", "不支持可选值", "请用 has(…)", token.start, token.end)
        name = self.expect("name", "点号后面需要名称")
        if not self.take("("):
            return Select(target.start, name.end, target, str(name.value))
        if name.value in MACROS:
            return self.macro(target, str(name.value))
        args, end = self.arguments(")")
        return Call(target.start, end, str(name.value), (target, *args), method=True)

    def macro(self, over: Node, kind: str) -> Node:
        args, end = self.arguments(")")
        most = 3 if kind == "map" else 2
        if not 2 <= len(args) <= most or not isinstance(args[0], Name):
            raise NotAnExpression(
                f"{kind} 写作 列表.{kind}(变量, 表达式)",
                source=self.text,
                start=over.start,
                end=end,
            )
        where = args[1] if len(args) == 3 else None
        return Macro(over.start, end, kind, over, args[0].key, args[-1], where)

    def arguments(self, closing: str) -> tuple[tuple[Node, ...], int]:
        args: list[Node] = []
        while not self.at(closing):
            args.append(self.expression())
            if not self.take(","):
                break
        return tuple(args), self.expect(closing, "这里没有结束").end

    def number(self, minus: Token | None) -> Node:
        token = self.tokens[self.place]
        self.place += 1
        start = minus.start if minus else token.start
        value = -token.value if minus else token.value
        if token.kind == "int" and value > 2**63 - 1:
            raise NotAnExpression(
                "整数超出 64 位范围", source=self.text, start=start, end=token.end
            )
        return Literal(start, token.end, token.kind, value)

    def primary(self) -> Node:  # noqa: RET503 - fail() never returns
        token = self.token
        match token.kind:
            case "int" | "uint" | "double" | "string":
                return self.number(None)
            case "(":
                return self.parenthesis()
            case "[":
                self.place += 1
                items, end = self.arguments("]")
                return Items(token.start, end, items)
            case "{":
                self.refuse("map", "不支持映射字面量", "", token.start, token.end)
            case "." if self.tokens[self.place + 1].kind == "name":
                self.refuse(
                    "root name", "不支持以点号开头的名称", "请去掉点号", token.start, token.end
                )
            case "name":
                return self.word(token)
        self.fail("这里需要一个值")

    def parenthesis(self) -> Node:
        self.place += 1
        node = self.expression()
        self.expect(")", "括号没有结束")
        return node

    def word(self, token: Token) -> Node:
        self.place += 1
        word = str(token.value)
        if word in _CONSTANTS:
            kind, value = _CONSTANTS[word]
            return Literal(token.start, token.end, kind, value)
        if not self.take("("):
            return Name(token.start, token.end, word)
        args, end = self.arguments(")")
        if word == "has":
            return self.has(args, token.start, end)
        return Call(token.start, end, word, args)

    def has(self, args: tuple[Node, ...], start: int, end: int) -> Node:
        if len(args) != 1 or not isinstance(args[0], Select | Name):
            raise NotAnExpression(
                "has 里写一个事实", advice="如 has(enterprise.revenue)", source=self.text,
                start=start, end=end,
            )  # fmt: skip
        return Has(start, end, args[0])
