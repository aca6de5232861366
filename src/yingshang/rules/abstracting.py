"""Conditions with everything that is not a plain comparison put in one unknown place each.

What compares the same computed value (``size(list)``, ``a + b``) with constants becomes a comparison of
one free value, a comparison of two facts one of their order, any other condition a free truth value.
Every case of the condition is then a case of the abstract one, so that what has no case there has none
at all; the reverse does not hold.
"""

from dataclasses import replace

from yingshang.rules.codebooks import MIRRORED, cuts_of
from yingshang.rules.typed import Apply, Const, Fact, Known, Logic, Typed
from yingshang.rules.types import ANY, BOOL, INT, ORDERED, Type

_SIGNS = frozenset({"<", "<=", ">", ">=", "==", "!="})


class Abstraction:
    """Replaces equal parts by the same free value, in as many conditions as are given to it."""

    def __init__(self) -> None:
        self.places: dict[object, str] = {}

    def of(self, node: Typed) -> Typed:
        """Return the abstract condition."""
        if isinstance(node, Logic):
            return replace(node, parts=tuple(map(self.of, node.parts)))
        if isinstance(node, Apply) and node.overload == "!:bool":
            return replace(node, args=tuple(map(self.of, node.args)))
        if isinstance(node, Fact | Known | Const):
            return node
        return self._comparison(node) or self._free(node, node, BOOL)

    def _comparison(self, node: Typed) -> Typed | None:
        if not isinstance(node, Apply) or len(node.args) != 2:
            return None
        sign = node.overload.partition(":")[0]
        match node.args:
            case (Fact(), Const()) | (Const(), Fact()):
                return None if cuts_of(node) is None else node
            case (computed, Const()) if sign in _SIGNS or node.overload == "in":
                return replace(node, args=(self._computed(computed), node.args[1]))
            case (Const(), computed) if sign in _SIGNS:
                return replace(node, args=(node.args[0], self._computed(computed)))
            case (left, right) if sign in _SIGNS and {left.type, right.type} <= ORDERED | {ANY}:
                return self._order(node, sign, left, right)
            case _:
                return None

    def _computed(self, part: Typed) -> Typed:
        return part if isinstance(part, Fact) else self._free(part, part, part.type)

    def _order(self, node: Typed, sign: str, left: Typed, right: Typed) -> Typed:
        """Compare the order of two parts, -1, 0 or 1, with nought; ``b > a`` as ``a < b``."""
        if ("order", right, left) in self.places:
            left, right, sign = right, left, MIRRORED.get(sign, sign)
        name = "==" if sign == "==" else "!=" if sign == "!=" else f"{sign}:int,int"
        order = self._free(node, ("order", left, right), INT)
        return Apply(node.start, node.end, BOOL, name, (order, Const(0, 0, INT, 0, "0")))

    def _free(self, node: Typed, what: object, kind: Type) -> Fact:
        name = self.places.setdefault(what, f"?{len(self.places)}")
        return Fact(node.start, node.end, kind, name, "")
