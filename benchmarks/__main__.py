"""``python -m benchmarks [part of a name …]``: the machine, then every figure; exit 1 when a floor is missed."""

import importlib
import os
import pkgutil
import platform
import sqlite3
import sys
from pathlib import Path

import benchmarks
from benchmarks import BENCHMARKS, LeftOut, Measured


def machine() -> str:
    """Return processor, cores, memory, system and interpreter in one line."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load {load:.1f}"
    )


def show(figure: Measured) -> None:
    """Print one figure."""
    verdict = "ok  " if figure.holds else "MISS"
    line = f"{verdict} {figure.what}: {figure.seconds * 1000:.1f} ms"
    if figure.ratio is not None and figure.against is not None:
        line += f"; {figure.ratio:.1f} x as fast as {figure.alternative} ({figure.against * 1000:.1f} ms)"
        line += f", floor {figure.floor:g}"
    if figure.limit is not None:
        line += f", limit {figure.limit * 1000:.0f} ms"
    print(line, flush=True)


def main(wanted: list[str]) -> int:
    """Run what was asked for."""
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"benchmarks.{module.name}")
    print(machine())
    held = True
    for name, measure in sorted(BENCHMARKS.items()):
        if wanted and not any(part in name for part in wanted):
            continue
        print(f"== {name}")
        try:
            figures = measure()
        except LeftOut as reason:
            print(f"left out: {reason}")
            continue
        for figure in figures:
            show(figure)
            held = held and figure.holds
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
