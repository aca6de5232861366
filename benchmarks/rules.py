"""Matching policies with enterprises: seconds, and ratios to the memory floor and to other engines.

``python -m benchmarks.rules [--rows N] [--policies N] [--rounds N] [--without openfisca,polars,numpy]``
"""

import argparse
import importlib.util
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks import Measured, _others, _population, benchmark
from benchmarks.__main__ import show
from yingshang.rules.bitmaps import count_bits, rows_of, run_bitmaps
from yingshang.rules.columns import from_arrow
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations
from yingshang.rules.encoding import Snapshot, encode
from yingshang.rules.matching import Matcher, has_fast_path, list_changes
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.programs import Program, build_program
from yingshang.rules.subjects import Checkup

Lists = tuple[Any, Any, Any]


def main(arguments: list[str]) -> list[Measured]:
    """Measure, print the table and return the figures with their floors.

    Engines that are not installed are left out and named.
    """
    options = _options(arguments)
    arrow = _population.make_table(options.rows)
    trees = _population.make_policies(options.policies)
    table = from_arrow(arrow)
    compiled = time.perf_counter()
    rules = _compile(trees, table)
    figures = [Measured("compile the policies", time.perf_counter() - compiled, limit=1.0)]
    program = build_program(rules)
    snapshot = encode(program, table)
    print(_describe(options, program, snapshot))
    bulk = _Bulk(program, snapshot, table, no_numpy="numpy" in options.without.split(","))
    figures += _one_subject(rules, table) + _changed(rules, arrow)
    coded = bulk.warm()
    every = coded | bulk.raw() | _rivals(arrow, trees, options)
    times = _interleave(every, options.rounds)
    warm = {name: seconds for name, seconds in times.items() if name in coded}
    raw = {name: seconds for name, seconds in times.items() if name not in coded}
    return figures + _compare(warm, raw)


@benchmark("rules: 40 facts x 1,000 policies, 200,000 subjects")
def _registered() -> list[Measured]:
    return main([])


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--policies", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", default="")
    return parser.parse_args(arguments)


def _compile(trees: list[Any], table: Any) -> tuple[Rule, ...]:
    texts = [_population.text_of(tree) for tree in trees]
    policies = [Policy(f"p{n}", "", Condition("text", text=text)) for n, text in enumerate(texts)]
    begun = time.perf_counter()
    rules = compile_rules(policies, Declarations(table.declared, as_of=_population.DAY))
    build_program(rules)
    print(f"compile {len(trees)} policies: {time.perf_counter() - begun:.3f} s")
    return rules


def _describe(options: argparse.Namespace, program: Program, snapshot: Snapshot) -> str:
    uses = sum(source < program.first_gate for gate in program.gates for source in gate.inputs)
    return (
        f"{options.rows} subjects × {options.policies} policies over {_population.FACTS} facts: "
        f"{len(program.atoms)} distinct conditions ({len(snapshot.direct)} over two facts or lists), "
        f"{uses} inputs to {len(program.gates)} gates; coded snapshot {snapshot.nbytes / 1e6:.0f} MB"
    )


class _Bulk:
    """Our evaluators, from the coded snapshot and from raw facts."""

    def __init__(self, program: Program, snapshot: Snapshot, table: Any, *, no_numpy: bool) -> None:
        self.program, self.snapshot, self.table = program, snapshot, table
        self.no_numpy = no_numpy and has_fast_path()

    def warm(self) -> dict[str, Callable[[], Any]]:
        found: dict[str, Callable[[], Any]] = {}
        if has_fast_path():
            fused = _Fused(self.program, self.snapshot)
            found |= {
                "memory floor": fused.floor,
                "fused kernel, counts and yes": fused.yes,
                "fused kernel, and unknown": fused.both,
            }
        return found | ({} if self.no_numpy else {"numpy bitmaps, counts and yes": self.bitmaps})

    def bitmaps(self) -> Lists:
        return self._lists(*run_bitmaps(self.program, self.snapshot))

    def _lists(self, yes: Any, possible: Any) -> Lists:
        return count_bits(yes), count_bits(possible & ~yes), [rows_of(words) for words in yes]

    def raw(self) -> dict[str, Callable[[], Any]]:
        found: dict[str, Callable[[], Any]] = {}
        if has_fast_path():
            self.fused = _Fused(self.program, self.snapshot)
            found["ours from raw facts (fused)"] = self.from_raw
        return found | (
            {} if self.no_numpy else {"ours from raw facts (numpy)": self.from_raw_plain}
        )

    def from_raw(self) -> Lists:
        self.fused.take(self.program, encode(self.program, self.table))
        return self.fused.yes()

    def from_raw_plain(self) -> Lists:
        return self._lists(*run_bitmaps(self.program, encode(self.program, self.table)))


class _Fused:
    """The compiled kernel with its buffers, which are used again: fresh ones cost page faults."""

    def __init__(self, program: Program, snapshot: Snapshot) -> None:
        from yingshang.rules import fused

        self.fused = fused
        self.take(program, snapshot)
        width = -(-snapshot.size // 64)
        self.words = np.empty((2, len(program.outputs), width), np.uint64)
        self.rows = np.empty(0, np.int32)
        self.unknown_rows = np.empty(0, np.int32)

    def take(self, program: Program, snapshot: Snapshot) -> None:
        """Lay out a snapshot for the kernel."""
        self.kernel = self.fused.prepare(program, snapshot)

    def yes(self) -> Lists:
        """Counts of yes and of unknown, and the rows of yes."""
        yes, counts, unknown = self.fused.count_kernel(self.kernel, self.words[0])
        return counts, unknown, self._rows_of(yes, counts)

    def _rows_of(self, yes: Any, counts: Any) -> Any:
        if self.rows.size < counts.sum():
            self.rows = np.empty(int(counts.sum()), np.int32)
        return self.fused.list_rows(yes, counts, self.rows)

    def both(self) -> Lists:
        """The same, and the rows of unknown."""
        yes, possible = self.fused.run_kernel(self.kernel, self.words)
        counts = self.fused.count_words(yes)
        unknown = self.fused.count_words(possible) - counts
        lists = self._rows_of(yes, counts)
        np.bitwise_xor(yes, possible, out=possible)
        if self.unknown_rows.size < unknown.sum():
            self.unknown_rows = np.empty(int(unknown.sum()), np.int32)
        self.fused.list_rows(possible, unknown, self.unknown_rows)
        return counts, unknown, lists

    def floor(self) -> None:
        """One read of the coded snapshot and one write of the lists, on every core."""
        k = self.kernel
        for part in (k.codes8, k.codes16, k.direct):
            flat = part.reshape(-1).view(np.uint8)
            _read(flat[: len(flat) // 8 * 8].view(np.uint64))
        _write(self.rows)


def _read(words: Any) -> None:
    from benchmarks import _memory

    _memory.read(words)


def _write(rows: Any) -> None:
    from benchmarks import _memory

    _memory.write(rows)


def _rivals(arrow: pa.Table, trees: list[Any], options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    left_out = options.without.split(",")
    for name, module, build in (
        ("Polars, one select", "polars", _others.polars_select),
        ("OpenFisca-core", "openfisca_core", _others.openfisca_run),
    ):
        if module.partition("_")[0] in left_out:
            continue
        if importlib.util.find_spec(module) is None:
            print(f"left out: {name} (not installed)")
            continue
        found[name] = build(arrow, trees)
    return found


def _interleave(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Return the least seconds of each, run in turns; results of all must agree.

    On a machine that others use as well the least of the turns says most about the work itself; each
    goes twice in its turn, so that none pays for caches and buffers that the one before displaced.
    """
    times: dict[str, list[float]] = {name: [] for name in runs}
    wanted: Any = None
    for turn in range(rounds + 1):
        for name, run in runs.items():
            if name == "memory floor" and turn == 0:
                continue
            if name.startswith("OpenFisca") and turn > 1:
                continue
            for _ in range(1 if name.startswith("OpenFisca") else 2):
                begun = time.perf_counter()
                result = run()
                times[name].append(time.perf_counter() - begun)
            if turn == 0 and result is not None:
                wanted = _agree(name, result, wanted)
    return {name: min(t[2:] or t) for name, t in times.items()}


def _agree(name: str, result: Lists, wanted: Any) -> Any:
    counts = (result[0].tolist(), result[1].tolist())
    if wanted is not None and counts != wanted:
        wrong = sum(a != b for a, b in zip(counts[0], wanted[0], strict=True))
        print(f"{name}: DISAGREES in {wrong} policies of {len(wanted[0])} (counts of yes)")
        return wanted
    return counts


def _one_subject(rules: tuple[Rule, ...], table: Any) -> list[Measured]:
    checkup = Checkup(rules)
    rows = [
        {key: column.value(place) for key, column in table.columns.items()} for place in range(40)
    ]
    found = []
    for label, run, limit in (
        ("result", checkup.results, None),
        ("outcome, failing conditions, gaps", checkup.verdicts, 0.005),
    ):
        times = []
        for row in rows:
            begun = time.perf_counter()
            run(row)
            times.append(time.perf_counter() - begun)
        what = f"one subject × {len(rules)} policies, {label}"
        print(f"{what}: {_spread(times)}")
        found.append(Measured(what, min(times), limit=limit))
    return found


def _spread(times: list[float]) -> str:
    return f"{1000 * min(times):.2f} ms at best, {1000 * statistics.median(times):.2f} ms median"


def _changed(rules: tuple[Rule, ...], arrow: pa.Table) -> list[Measured]:
    """Three facts of each of 1,000 subjects change; what was stored before is at hand."""
    old = arrow.slice(0, 1000).combine_chunks()
    new = _population.change_some(old, facts=3)
    matcher = Matcher(rules)
    before = matcher.match(from_arrow(old))
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        after = from_arrow(new)
        found = list_changes(before, matcher.match(after), after)
        times.append(time.perf_counter() - begun)
    total = sum(len(change.gained) + len(change.lost) for change in found)
    what = f"1,000 changed subjects × {len(rules)}, from raw facts to gains and losses"
    print(f"{what} ({total}): {_spread(times)}")
    return [Measured(what, min(times), limit=0.1)]


def _compare(warm: dict[str, float], raw: dict[str, float]) -> list[Measured]:
    floor = warm.pop("memory floor", None)
    if floor:
        print(f"memory floor (coded snapshot read, lists written): {1000 * floor:.1f} ms")
    first = next(iter(warm))
    for name, seconds in warm.items():
        ratio = f", {seconds / floor:.1f} × floor" if floor else ""
        print(f"{name}: {seconds:.3f} s{ratio}")
    mine = next(iter(raw))
    limit = 25 * floor if floor else None
    figures = [Measured(f"{first}, in 25 memory floors", warm[first], limit=limit)]
    floors = {"Polars, one select": (8.0, 3.5), "OpenFisca-core": (40.0, 15.0)}
    for name, seconds in raw.items():
        print(f"{name}: {seconds:.3f} s")
        if name in floors:
            coded, whole = floors[name]
            figures.append(Measured("match, from codes", warm[first], name, seconds, coded))
            figures.append(Measured("match, from raw facts", raw[mine], name, seconds, whole))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory of the run, every engine in one process: {peak:.2f} GB")
    return figures


if __name__ == "__main__":
    for figure in main(sys.argv[1:]):
        show(figure)
