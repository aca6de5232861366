"""A rule's conditions as they are for one enterprise: what is asked, what is, by how much it misses.

The tree follows the rule's own. ``not`` over several parts becomes its equivalent over the opposite of
each (De Morgan), so that every leaf says what is asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yingshang.domains.checkups.gaps import Gap, gap_in_words
from yingshang.rulebook.showing import Reader
from yingshang.rules.compiling import Checked
from yingshang.rules.evaluating import Program, Row, compile_row
from yingshang.rules.gaps import facts_in_order
from yingshang.rules.sentences import Spoken, speak
from yingshang.rules.typed import Apply, Logic, Typed
from yingshang.rules.values import Failure, Unknown

OPPOSITE = {"all": "any", "any": "all"}


@dataclass(frozen=True)
class Condition:
    """One part: ``kind`` is ``one``, or ``all`` or ``any`` over ``parts``; ``keys`` are its facts."""

    kind: str
    result: str
    sentence: str
    label: str = ""
    clause: str = ""
    keys: tuple[str, ...] = ()
    gap: Gap | None = None
    why: str = ""
    parts: "tuple[Condition, ...]" = ()

    def leaves(self) -> "Iterator[Condition]":
        """Yield the single conditions in order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def failing(self) -> "Iterator[Condition]":
        """Yield the single conditions that make a *no*: of alternatives all, of necessary ones those that fail."""
        if self.result != "no":
            return
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.failing()

    def misses(self) -> "list[Condition] | None":
        """Return the fewest conditions that would have to change, all near; None where that is not enough."""
        if self.result == "yes":
            return []
        if not self.parts:
            return [self] if self.gap is not None and self.gap.is_near else None
        each = [part.misses() for part in self.parts]
        if self.kind == "any":
            known = [one for one in each if one is not None]
            return min(known, key=len, default=None)
        found: list[Condition] = []
        for one in each:
            if one is None:
                return None
            found += one
        return found


@dataclass(frozen=True)
class Asked:
    """A part of what a rule asks, in one language, ready to be answered for one enterprise after another."""

    kind: str
    sentence: str
    label: str = ""
    clause: str = ""
    keys: tuple[str, ...] = ()
    parts: "tuple[Asked, ...]" = ()
    node: Typed | None = None
    negated: bool = False
    program: Program | None = None


def asked_by(checked: Checked, reader: Reader) -> Asked:
    """Return what a rule's condition asks for, in the reader's language."""
    return _Writer(reader).tree(checked, speak(checked, reader.words), negated=False)


def conditions_of(asked: Asked, reader: Reader, row: Mapping[str, Any]) -> Condition:
    """Return a rule's conditions as they are for one enterprise's facts."""
    if asked.node is None or asked.program is None:
        parts = tuple(conditions_of(part, reader, row) for part in asked.parts)
        results = [part.result for part in parts]
        strong, weak = ("no", "yes") if asked.kind == "all" else ("yes", "no")
        result = strong if strong in results else "unknown" if "unknown" in results else weak
        return Condition(asked.kind, result, asked.sentence, asked.label, asked.clause, parts=parts)
    found = asked.program(Row(row))
    why = found.why if isinstance(found, Failure) else ""
    unsure = isinstance(found, Unknown | Failure)
    result = "unknown" if unsure else ("yes" if bool(found) != asked.negated else "no")
    gap = None
    if result == "no":
        gap = gap_in_words(asked.node, reader, row, negated=asked.negated)
    return Condition("one", result, asked.sentence, asked.label, asked.clause, asked.keys, gap, why)


@dataclass(frozen=True)
class _Writer:
    reader: Reader

    def tree(self, checked: Checked, spoken: Spoken, *, negated: bool, clause: str = "") -> Asked:
        """Return the part of a condition tree; ``negated`` where its opposite is asked for."""
        clause = checked.condition.clause or clause
        if not checked.parts:
            return self.text(
                checked.typed, spoken, negated=negated, label=spoken.label, clause=clause
            )
        kind, inner = checked.condition.kind, negated
        if kind == "not":
            kind, inner = "all", not negated
        parts = tuple(
            self.tree(part, said, negated=inner, clause=clause)
            for part, said in zip(checked.parts, spoken.parts, strict=True)
        )
        return self.joined(OPPOSITE[kind] if inner else kind, parts, spoken.label, clause)

    def text(self, node: Typed, spoken: Spoken, *, negated: bool, label: str, clause: str) -> Asked:
        """Return the part of one text, taken apart where it joins conditions."""
        if isinstance(node, Logic):
            kind = "all" if node.operator == "&&" else "any"
            parts = tuple(
                self.text(part, said, negated=negated, label="", clause=clause)
                for part, said in zip(node.parts, spoken.parts, strict=True)
            )
            return self.joined(OPPOSITE[kind] if negated else kind, parts, label, clause)
        if (
            isinstance(node, Apply)
            and node.overload == "!:bool"
            and isinstance(node.args[0], Logic)
        ):
            inner = spoken.parts[0]
            return self.text(node.args[0], inner, negated=not negated, label=label, clause=clause)
        said = (spoken.otherwise or spoken.sentence) if negated else spoken.sentence
        keys, program = tuple(facts_in_order(node)), compile_row(node)
        return Asked("one", said, label, clause, keys, (), node, negated, program)

    def joined(self, kind: str, parts: tuple[Asked, ...], label: str, clause: str) -> Asked:
        if len(parts) == 1:
            return parts[0]
        said = self.reader.words.phrases["all of" if kind == "all" else "any of"]
        return Asked(kind, said, label, clause, parts=parts)
