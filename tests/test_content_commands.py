"""``yingshang content``, ``rehearse`` and ``cases check`` as a program calls them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yingshang.cli import cli

ROOT = Path(__file__).resolve().parent.parent
ROLE = "key: clerk\nlabel: 经办人\nlabel_en: Clerk\npermissions: [cases.read]\n"
REHEARSAL = """\
key: nothing-waits
title: 没有待办
given:
  at: 2026-03-02T09:00
  organs: [{key: o, name: 甲局}]
  cast: {wang: {name: 王敏, organ: o, roles: [clerk]}}
steps:
  - {expect: cases.worklist, as: wang, count: COUNT}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A small pack of this test's own, in a further content folder."""
    folder = tmp_path / "content" / "small"
    for name in ("roles", "rehearsals"):
        (folder / name).mkdir(parents=True)
    (folder / "pack.yaml").write_text("name: small\nlabel: 小\nlabel_en: Small\n")
    (folder / "roles" / "clerk.yaml").write_text(ROLE)
    (folder / "rehearsals" / "one.yaml").write_text(REHEARSAL.replace("COUNT", "0"))
    return folder


def run(pack: Path, *arguments: str) -> tuple[int, Any]:
    """Return the exit code and the JSON value of a program of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "YINGSHANG_CONTENT": str(pack.parent),
        "YINGSHANG_DATA_DIR": str(pack.parent.parent / "var"),
    }
    environment.pop("YINGSHANG_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "yingshang", *arguments, "--json"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=110,
    )
    assert done.returncode != 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def lint(pack: Path, settings) -> Callable[..., Any]:
    """``yingshang content lint`` in this process, with the further content folder."""
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, pack.parent]
    return lambda *packs: CliRunner().invoke(cli, ["content", "lint", *packs, "--json"])


def test_lint_answers_no_with_the_place(pack: Path, lint: Callable[..., Any]) -> None:
    clean = lint("small")
    assert (clean.exit_code, json.loads(clean.stdout)) == (0, {"ok": True, "findings": []})
    (pack / "roles" / "clerk.yaml").write_text(ROLE.replace("label:", "lable:"))
    found = lint("small")
    answer = json.loads(found.stdout)
    assert (found.exit_code, answer["ok"]) == (1, False)
    assert {f["code"] for f in answer["findings"]} == {"missing", "extra_forbidden"}
    assert {"path", "line", "pack", "kind", "key", "code", "message"} == set(answer["findings"][0])
    assert answer["findings"][0]["path"] == "content/small/roles/clerk.yaml"


def test_an_unknown_pack_is_bad_input(lint: Callable[..., Any]) -> None:
    refused = lint("nothing")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "small" in refused.stderr


@pytest.mark.usefixtures("django_db_setup")  # it copies the empty database made there
def test_rehearse_answers_no_when_one_fails(pack: Path) -> None:
    passed = {"pack": "small", "key": "nothing-waits", "ok": True, "failed_step": None, "why": ""}
    assert run(pack, "rehearse", "small") == (0, {"ok": True, "rehearsals": [passed]})
    (pack / "rehearsals" / "one.yaml").write_text(REHEARSAL.replace("COUNT", "1"))
    code, answer = run(pack, "rehearse", "small")
    assert (code, answer["ok"]) == (1, False)
    assert answer["rehearsals"][0]["failed_step"] == 1
    assert answer["rehearsals"][0]["why"] == "应有 1 项，实有 0 项"
