"""Which conditions make a rule's result: read off for all rules at once.

The rules are laid out as trees, level by level. A node counts when all nodes above it have the result
of the rule; the conditions that count are the ones that make it. Of necessary conditions these are
the failing ones, of alternatives all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from yingshang.rules.codebooks import YES
from yingshang.rules.programs import Program

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class _Level:
    """The nodes of one depth, where each one's parent stands in the level above, and its place in all."""

    nodes: Array
    parents: Array
    places: slice


class Causes:
    """The trees of a program's rules; a gate that rules share stands once in each."""

    def __init__(self, program: Program) -> None:
        nodes, parents, leaves = _lay_out(program)
        starts = np.cumsum([0, *map(len, nodes)]).tolist()
        self.levels = [
            _Level(np.array(own), np.array(above), slice(start, start + len(own)))
            for own, above, start in zip(nodes, parents, starts, strict=False)
        ]
        self.size = starts[-1]
        self.literals = np.array([literal for _, _, _, literal in leaves], np.int64)
        self.places = np.array([starts[level] + at for _, level, at, _ in leaves], np.int64)
        rules = np.array([rule for rule, _, _, _ in leaves], np.int64)
        self.bounds = np.searchsorted(rules, np.arange(len(program.outputs) + 1))
        self.repeating = _repeating(rules.tolist(), self.literals.tolist())
        """Rules in which a literal stands twice, so that it may be found twice."""

    def find(self, nodes: Array) -> tuple[Array, list[int]]:
        """Return the literals that make the rules' results, rule by rule, and the rules' bounds in them.

        ``nodes`` are the results of all nodes; a rule that is *yes* has none.
        """
        counts = np.empty(self.size, np.bool_)
        values: Array = np.empty(0, np.int8)
        above: Array = np.empty(0, np.bool_)
        for depth, level in enumerate(self.levels):
            own = nodes[level.nodes]
            if depth:
                above = above[level.parents] & (own == values[level.parents])
            else:
                above = own != YES
            counts[level.places] = above
            values = own
        hit = counts[self.places]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(hit)])
        return self.literals[hit], ends[self.bounds].tolist()


def _repeating(rules: list[int], literals: list[int]) -> frozenset[int]:
    seen: set[tuple[int, int]] = set()
    found = set()
    for pair in zip(rules, literals, strict=True):
        if pair in seen:
            found.add(pair[0])
        seen.add(pair)
    return frozenset(found)


def _lay_out(
    program: Program,
) -> tuple[list[list[int]], list[list[int]], list[tuple[int, int, int, int]]]:
    """Return nodes and parents by level, and the leaves: rule, level, place in it, literal."""
    nodes: list[list[int]] = []
    parents: list[list[int]] = []
    leaves: list[tuple[int, int, int, int]] = []
    for rule, output in enumerate(program.outputs):
        waiting = [(output, 0, 0)]
        while waiting:
            node, depth, parent = waiting.pop()
            if depth == len(nodes):
                nodes.append([])
                parents.append([])
            place = len(nodes[depth])
            nodes[depth].append(node)
            parents[depth].append(parent)
            if node < program.first_gate:
                leaves.append((rule, depth, place, node))
            else:
                inputs = program.gates[node - program.first_gate].inputs
                waiting += [(source, depth + 1, place) for source in reversed(inputs)]
    return nodes, parents, leaves
