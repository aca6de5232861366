"""Commands on a machine where nothing has been set up yet say so; no command ends in a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLAN = str(ROOT / "content/demo-district/plans/qingjiang-2025.txt")
COMMANDS = [
    ["ledger", "verify", "--json"],
    ["cases", "check", "--json"],
    ["content", "load", "base", "--json"],
    ["plan", "import", PLAN, "--json"],
]
IN_TURN = """
import json, sys
from click.testing import CliRunner
from yingshang.cli import cli
for arguments in json.loads(sys.argv[1]):
    ended = CliRunner().invoke(cli, arguments)
    print(json.dumps([ended.exit_code, ended.stdout, ended.stderr]))
"""


def program(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YINGSHANG_")}
    return subprocess.run(
        [sys.executable, *arguments],
        env=kept | {"YINGSHANG_DATA_DIR": str(data), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.one_database
def test_a_missing_database_is_said_plainly(tmp_path: Path) -> None:
    """One program tries them in turn: starting it takes longer than all that they do."""
    ended = program("-c", IN_TURN, json.dumps(COMMANDS), data=tmp_path)
    assert ended.returncode == 0, ended.stderr
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(answers) == len(COMMANDS)
    for arguments, (code, told, complaint) in zip(COMMANDS, answers, strict=True):
        assert (code, told) == (2, ""), f"{arguments}: {complaint}"
        assert "数据库无法使用" in complaint, arguments


@pytest.mark.one_database
def test_nor_does_the_program_itself_end_in_a_traceback(tmp_path: Path) -> None:
    ended = program("-m", "yingshang", *COMMANDS[0], data=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert "数据库无法使用" in ended.stderr
    assert "Traceback" not in ended.stderr
