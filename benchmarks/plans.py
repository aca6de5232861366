"""How long it takes to read a plan document, against merely opening and converting its text."""

import os
from pathlib import Path

from benchmarks import LeftOut, Measured, benchmark
from benchmarks.timing import median_seconds

LONGEST_SECONDS = 5.0


@benchmark("plans.parse")
def parse() -> list[Measured]:
    """Parse every plan document with the real parser; each must be read within five seconds."""
    folder = os.environ.get("YINGSHANG_PLAN_DOCUMENTS", "")
    if not folder:
        raise LeftOut("set YINGSHANG_PLAN_DOCUMENTS to the folder of the plan documents")
    from yingshang.domains.plans.parsing import parse_bytes

    def figure(path: Path) -> Measured:
        data = path.read_bytes()
        seconds = median_seconds(lambda: parse_bytes(data, path.name), rounds=3)
        return Measured(f"parse {path.name} ({len(data)} bytes)", seconds, limit=LONGEST_SECONDS)

    return [figure(path) for path in sorted(Path(folder).iterdir()) if path.is_file()]
