"""Types are checked before anything runs; the result names one overload for every operator."""

from typing import Any, NoReturn

from yingshang.rules.declarations import Declarations, Declared, is_namespaced
from yingshang.rules.errors import RuleFault, UndeclaredName, UnsupportedConstruct, WrongType
from yingshang.rules.evaluating import evaluate
from yingshang.rules.functions import EXACT, OVERLOADS, SINCE, Overload, check_pattern
from yingshang.rules.parsing import parse
from yingshang.rules.syntax import (
    COMPARISONS,
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
)
from yingshang.rules.typed import (
    Apply,
    Const,
    Fact,
    If,
    Known,
    ListOf,
    Local,
    Logic,
    Loop,
    Typed,
    parts_of,
)
from yingshang.rules.types import (
    ANY,
    BOOL,
    DATE,
    DOUBLE,
    INT,
    NAMED,
    NULL,
    NUMBERS,
    STRING,
    TIMESTAMP,
    Type,
    is_equatable,
    join,
    list_of,
)
from yingshang.rules.values import Failure, Unknown

_LOOSELY = {DATE: (STRING, TIMESTAMP), TIMESTAMP: (STRING,), DOUBLE: (INT,)}
"""As what a fact may be taken whose type was only read off its value."""

_CEL_ONLY = frozenset({"dyn", "type", "bytes", "has", "block", "optional"})


def check(
    text: str, declarations: Declarations, *, wanted: Type | None = None, grade: str = ""
) -> Typed:
    """Parse and check one expression; facts count only from the grade given on.

    Raises a :class:`RuleFault` that points at the place: not an expression, unsupported, undeclared,
    wrong type (also where the result is not ``wanted``), too large.
    """
    checker = _Checker(text, declarations, grade)
    typed = checker.visit(parse(text))
    if wanted is not None and join(typed.type, wanted) is None:
        raise WrongType(
            f"这里需要{wanted}，表达式给出的却是{typed.type}",
            source=text,
            start=typed.start,
            end=typed.end,
        )
    return typed


def fold(node: Typed) -> Typed:
    """Compute what has only constant parts beforehand; what would fail is left to fail when it runs."""
    if not all(isinstance(part, Const) for part in parts_of(node)):
        return node
    value = evaluate(node, {})
    if isinstance(value, Failure | Unknown):
        return node
    return Const(node.start, node.end, node.type, value, repr(value))


class _Checker:
    def __init__(self, text: str, declarations: Declarations, grade: str) -> None:
        self.text = text
        self.declarations = declarations
        self.grade = grade
        self.locals: dict[str, Type] = {}
        self.loose: dict[int, Fact] = {}

    def fail(self, fault: type[RuleFault], node: Node | Typed, what: str, **more: str) -> NoReturn:
        raise fault(what, source=self.text, start=node.start, end=node.end, **more)

    def visit(self, node: Node) -> Typed:
        match node:
            case Literal():
                kind = NULL if node.kind == "null" else NAMED[node.kind]
                return self.const(node, kind, node.value)
            case Name() | Select():
                return self.name(node)
            case Call():
                return self.call(node)
            case Group():
                parts = tuple(self.boolean(part, node.operator) for part in node.parts)
                return Logic(node.start, node.end, BOOL, node.operator, parts)
            case Choice():
                return self.choice(node)
            case Items():
                return self.items(node)
            case Macro():
                return self.macro(node)
            case Has():
                return self.has(node)
            case _:
                raise TypeError(node)

    def const(self, node: Node, kind: Type, value: Any) -> Const:
        return Const(node.start, node.end, kind, value, repr(value))

    def boolean(self, node: Node, operator: str) -> Typed:
        typed = self.visit(node)
        if typed.type not in (BOOL, ANY):
            self.fail(
                WrongType,
                node,
                f"{operator} 两边应是条件，这里却是{typed.type}",
                construct="non-boolean operand",
                advice="请写成比较，如 … > 0",
            )
        return typed

    def name(self, node: Name | Select) -> Typed:
        key = _dotted(node)
        if key is None:
            self.fail(
                UnsupportedConstruct, node, "不支持取字段", construct="field selection",
                advice="事实请写完整名称，如 enterprise.revenue",
            )  # fmt: skip
        root = key.partition(".")[0]
        if root in self.locals:
            if root != key:
                self.fail(
                    UnsupportedConstruct, node, "不支持取列表项的字段", construct="field selection"
                )
            return Local(node.start, node.end, self.locals[key], key)
        if key == "as_of":
            return self.today(node)
        declared = self.declarations.find(key)
        if declared is None:
            self.undeclared(node, key)
        return self.fact(node, key, declared)

    def today(self, node: Node) -> Typed:
        if self.declarations.moving_day:
            return Fact(node.start, node.end, DATE, "as_of", "")
        return self.const(node, DATE, self.declarations.as_of)

    def undeclared(self, node: Node, key: str) -> NoReturn:
        near = self.declarations.nearest(key)
        advice = (
            f"是否要写 {near}" if near else "请先在事实目录中声明，或在事实中写 null 表示没有值"
        )
        self.fail(UndeclaredName, node, f"没有声明名称 {key}", advice=advice)

    def fact(self, node: Node, key: str, declared: Declared) -> Typed:
        if declared.constant:
            return self.const(node, declared.type, declared.value)
        grade = "" if key.startswith("param.") else self.grade
        fact = Fact(node.start, node.end, declared.type, key, grade)
        if declared.loose:
            self.loose[id(fact)] = fact
        return fact

    def has(self, node: Has) -> Typed:
        assert isinstance(node.operand, Name | Select)
        key = _dotted(node.operand)
        if key is None or key.partition(".")[0] in self.locals:
            self.fail(
                UnsupportedConstruct, node, "has 里只能写一个事实", construct="has on a field"
            )
        declared = self.declarations.find(key)
        if declared is None and not is_namespaced(key):
            self.undeclared(node.operand, key)
        if declared is not None and declared.constant:
            return self.const(node, BOOL, True)
        return Known(node.start, node.end, BOOL, key, self.grade)

    def choice(self, node: Choice) -> Typed:
        condition = self.boolean(node.condition, "?:")
        yes, no = self.visit(node.yes), self.visit(node.no)
        kind = join(yes.type, no.type)
        if kind is None:
            self.fail(
                WrongType,
                node,
                f"? : 两个结果应是同一类型，却是{yes.type}和{no.type}",
                construct="mixed result types",
            )
        return If(node.start, node.end, kind, condition, yes, no)

    def items(self, node: Items) -> Typed:
        parts = tuple(self.visit(item) for item in node.items)
        kind = ANY
        for part in parts:
            joined = join(kind, part.type)
            if joined is None:
                self.fail(
                    WrongType,
                    part,
                    f"列表各项应是同一类型，前面是{kind}，这里是{part.type}",
                    construct="mixed list",
                )
            kind = joined
        return fold(ListOf(node.start, node.end, list_of(kind), parts))

    def macro(self, node: Macro) -> Typed:
        over = self.visit(node.over)
        if over.type.item is None and over.type != ANY:
            self.fail(
                WrongType,
                node.over,
                f"{node.kind} 前面应是列表，却是{over.type}",
                construct="macro over no list",
            )
        outer = self.locals
        self.locals = {**outer, node.variable: over.type.item or ANY}
        needs_condition = node.kind != "map"
        body = self.boolean(node.body, node.kind) if needs_condition else self.visit(node.body)
        where = None if node.where is None else self.boolean(node.where, node.kind)
        self.locals = outer
        result = {"map": list_of(body.type), "filter": over.type}.get(node.kind, BOOL)
        return Loop(node.start, node.end, result, node.kind, over, node.variable, where, body)

    def call(self, node: Call) -> Typed:
        args = tuple(self.visit(arg) for arg in node.args)
        if node.function in SINCE and not node.method:
            return self.since(node, args)
        typed = self.resolve(node, args) or self.resolve_loosely(node, args)
        if typed is None:
            self.no_overload(node, args)
        self.check_literals(node, typed)
        return fold(typed)

    def since(self, node: Call, args: tuple[Typed, ...]) -> Typed:
        if len(args) != 1:
            self.fail(WrongType, node, f"{node.function} 写作 {node.function}(日期)")
        inner = Call(node.start, node.end, SINCE[node.function], ())
        today = self.today(node)
        typed = self.resolve(inner, (args[0], today)) or self.resolve_loosely(
            inner, (args[0], today)
        )
        if typed is None:
            self.no_overload(node, args)
        return fold(typed)

    def resolve(self, node: Call, args: tuple[Typed, ...]) -> Typed | None:
        kinds = tuple(arg.type for arg in args)
        exact = EXACT.get((node.function, node.method, kinds))
        if exact is not None:
            return Apply(node.start, node.end, exact.result, exact.name, args)
        generic = _generic(node.function, kinds)
        if generic is not None:
            name, kind = generic
            return Apply(node.start, node.end, kind, name, args)
        found = [
            overload
            for overload in OVERLOADS.get(node.function, ())
            if overload.method == node.method and _accepts(overload, args)
        ]
        if not found:
            return None
        results = {overload.result for overload in found}
        kind = results.pop() if len(results) == 1 else ANY
        return Apply(node.start, node.end, kind, found[0].name, args)

    def resolve_loosely(self, node: Call, args: tuple[Typed, ...]) -> Typed | None:
        """Try again with facts whose type was only read off their value taken as dates or fractions."""
        for target in (DATE, TIMESTAMP, DOUBLE):
            turned = tuple(self.turn(arg, target) for arg in args)
            if turned != args and (typed := self.resolve(node, turned)) is not None:
                return typed
        return None

    def turn(self, arg: Typed, target: Type) -> Typed:
        sources = _LOOSELY[target]
        if id(arg) in self.loose and arg.type in sources:
            name = f"{target.name}:{arg.type.name}"
            return Apply(arg.start, arg.end, target, name, (arg,))
        return arg

    def check_literals(self, node: Call, typed: Typed) -> None:
        if node.function != "matches" or not isinstance(typed, Apply):
            return
        pattern = typed.args[1]
        if isinstance(pattern, Const) and isinstance(pattern.value, str):
            wrong = check_pattern(pattern.value)
            if wrong:
                self.fail(UnsupportedConstruct, pattern, wrong, construct="regular expression")

    def no_overload(self, node: Call, args: tuple[Typed, ...]) -> NoReturn:
        if node.function in _CEL_ONLY:
            self.fail(
                UnsupportedConstruct, node, f"不支持函数 {node.function}", construct=node.function
            )
        known = OVERLOADS.get(node.function, [])
        if not known and node.function not in ("==", "!=", "in", "[]", *SINCE):
            self.fail(
                UndeclaredName, node, f"没有函数 {node.function}", construct="unknown function"
            )
        kinds = "、".join(str(arg.type) for arg in args)
        advice = _advice(node.function, {arg.type for arg in args})
        label = node.function.removesuffix("_")
        self.fail(
            WrongType,
            node,
            f"{label} 不能用于{kinds}",
            advice=advice,
            construct=f"{label} on {', '.join(arg.type.name for arg in args)}",
        )


def _advice(function: str, kinds: set[Type]) -> str:
    """Say what to write instead, where that can be told from the types."""
    if function in ("==", "!=") and NULL in kinds:
        return "没有值的事实是未知；要问有没有值，请写 has(…)"
    if function in ("+", "-", "*", "/") and kinds <= NUMBERS:
        return "整数与小数一起运算请写 double(…)"
    wanted = {param for overload in OVERLOADS.get(function, ()) for param in overload.params}
    is_comparison = function in COMPARISONS
    takes_dates = DATE in kinds if is_comparison else DATE in wanted or function in SINCE
    if takes_dates and kinds & {STRING, TIMESTAMP}:
        return '文本或时刻当作日期请写 date(…)，如 date("2026-01-31")'
    return "两边应是同一类型" if is_comparison else ""


def _dotted(node: Node) -> str | None:
    parts: list[str] = []
    while isinstance(node, Select):
        parts.append(node.attribute)
        node = node.operand
    if not isinstance(node, Name):
        return None
    return ".".join([node.key, *reversed(parts)])


def _accepts(overload: Overload, args: tuple[Typed, ...]) -> bool:
    return len(overload.params) == len(args) and all(
        arg.type in (param, ANY) for param, arg in zip(overload.params, args, strict=True)
    )


def _generic(function: str, kinds: tuple[Type, ...]) -> tuple[str, Type] | None:
    match function, kinds:
        case (("==" | "!="), (left, right)) if is_equatable(left, right):
            return function, BOOL
        case "in", (value, items) if items.item is not None and is_equatable(value, items.item):
            return "in", BOOL
        case "in", (_, items) if items == ANY:
            return "in", BOOL
        case "[]", (items, place) if items.item is not None and place in (INT, ANY):
            return "[]", items.item
        case "[]", (items, place) if items == ANY and place in (INT, ANY):
            return "[]", ANY
        case "+", (left, right) if (left.item or right.item) and (kind := join(left, right)):
            return "+:list", kind
        case "size", (items,) if items.item is not None:
            return "size:list", INT
        case _:
            return None
