"""``make test``: the suite on SQLite, what touches the database again on PostgreSQL, the browser once.

The last lines say what was left out and how to get it; the very last one is
``N passed, N failed, N skipped`` over all runs. With ``YINGSHANG_NOTHING_LEFT_OUT=1`` a part that could
not run is a failure. The plan documents are not part of the repository, so their absence is told
but never a failure.

Apache Spark is an extra of half a gigabyte with its own target, ``make spark-test``.

On PostgreSQL only tests that use the database run again: a pure function cannot behave differently
there (``tests.plugin`` selects by the fixtures that a test asks for).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.postgres import find_binaries  # noqa: E402

PROCESSES = os.environ.get("YINGSHANG_TEST_PROCESSES", "2")
PLANS = "YINGSHANG_PLAN_DOCUMENTS"


@dataclass
class Run:
    """One run of pytest and what came of it."""

    name: str
    selection: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    distribution: str = "loadfile"
    processes: str = PROCESSES
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def start(self, arguments: list[str]) -> None:
        """Run, and read the counts from the report; a run that breaks down counts as one failure."""
        began = time.monotonic()
        print(f"== {self.name}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            code = subprocess.call(
                [
                    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                    *("-n", self.processes, "--dist", self.distribution, "--no-loadscope-reorder"),
                    f"--junitxml={report}",
                    *self.selection,
                    *arguments,
                ],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                env=_environment() | self.environment,
            )
            self._read(report)
        if code not in (0, 5) and not self.failed:
            self.failed = 1
        self.seconds = time.monotonic() - began

    def _read(self, report: Path) -> None:
        if not report.exists():
            return
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own report)
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
            elif skipped is not None:
                self.skipped += 1
                self.reasons.append(skipped.get("message") or "no reason given")
            else:
                self.passed += 1


def _environment() -> dict[str, str]:
    """Return the environment of a run; compiled modules are kept, else every process compiles all anew."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT / "src")}


def plan_runs() -> tuple[list[Run], list[str]]:
    """Return the runs that this machine allows, and a line for each part that it does not."""
    runs = [Run("SQLite", ["-m", "not browser and not spark"])]
    missing = []
    if find_binaries():
        runs.append(
            Run(
                "PostgreSQL",
                ["-m", "not browser and not spark"],
                {"YINGSHANG_TEST_DATABASE": "postgresql", "YINGSHANG_TEST_DATABASE_ONLY": "1"},
            )
        )
    else:
        missing.append("the suite on PostgreSQL: apt-get install -y postgresql")
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        runs.append(Run("browser", ["-m", "browser"], distribution="loadgroup"))
    else:
        missing.append("the browser tests: apt-get install -y chromium fonts-wqy-microhei")
    return runs, missing


def tell(runs: list[Run], missing: list[str]) -> int:
    """Print the closing lines and return the exit code."""
    for run in runs:
        print(
            f"{run.name}: {run.passed} passed, {run.failed} failed, {run.skipped} skipped"
            f" in {run.seconds:.0f} s"
        )
    strict = os.environ.get("YINGSHANG_NOTHING_LEFT_OUT") == "1"
    reasons = sorted({reason for run in runs for reason in run.reasons})
    if not os.environ.get(PLANS):
        print(f"left out: what reads the real plan documents: set {PLANS}=folder of the documents")
        reasons = [reason for reason in reasons if PLANS not in reason]
    for what in [*missing, *reasons]:
        print(f"left out: {what}")
    passed, failed, skipped = (
        sum(getattr(run, name) for run in runs) for name in ("passed", "failed", "skipped")
    )
    if not passed:
        print("nothing ran")
    left_out = strict and bool(missing or reasons)
    if left_out:
        print("YINGSHANG_NOTHING_LEFT_OUT=1: something was left out, so this is a failure")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return int(bool(failed) or left_out or not passed)


def main(arguments: list[str]) -> int:
    """Run everything; ``arguments`` go to pytest, such as ``-k name`` or a path."""
    runs, missing = plan_runs()
    with tempfile.TemporaryDirectory(prefix="yingshang-built-") as folder:
        shared = {"YINGSHANG_TEST_BUILT": folder, "YINGSHANG_LEDGER_KEY": f"{folder}/key.pem"}
        for run in runs:
            run.environment |= shared
            run.start(arguments)
    return tell(runs, missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
