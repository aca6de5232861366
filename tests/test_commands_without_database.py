"""Commands on a machine where nothing has been set up yet say so; no command ends in a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLAN = str(ROOT / "content/demo-district/plans/qingjiang-2025.txt")


@pytest.mark.one_database
@pytest.mark.parametrize(
    "arguments",
    [
        ["ledger", "verify", "--json"],
        ["cases", "check", "--json"],
        ["content", "load", "base", "--json"],
        ["plan", "import", PLAN, "--json"],
    ],
    ids=lambda arguments: "-".join(arguments[:2]),
)
def test_a_missing_database_is_said_plainly(arguments: list[str], tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YINGSHANG_")}
    ended = subprocess.run(
        [sys.executable, "-m", "yingshang", *arguments],
        env=kept | {"YINGSHANG_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert "数据库无法使用" in ended.stderr
    assert "Traceback" not in ended.stderr
