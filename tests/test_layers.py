"""The layers hold from the first commit: imports point down, domains meet only through ``public``."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOMAINS = ROOT / "src" / "yingshang" / "domains"


def test_imports_point_down_only() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_domains_meet_only_through_their_public_modules() -> None:
    for module in DOMAINS.rglob("*.py"):
        own = module.relative_to(DOMAINS).parts[0]
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "yingshang.domains."
            ):
                other, *rest = (node.module or "").split(".")[2:]
                assert other == own or rest[:1] == ["public"] or other == "public", (
                    f"{module.relative_to(ROOT)} reaches into {other}; ask its public module instead"
                )
