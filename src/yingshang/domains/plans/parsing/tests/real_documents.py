"""The five real plan documents, found by digest in the directory that the environment names."""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from yingshang.domains.plans.parsing import ParsedPlan, parse_bytes

VARIABLE = "YINGSHANG_PLAN_DOCUMENTS"
DIGESTS = {
    "金山区2021": "e051d9f0b201f85b5385764ce16c0b03c8ac7601b548c94df725ebdda6a014de",
    "金山区2022": "8121eb55cb08e59175aa6f99815f74c53161c7cfc122b9a5bed84d0697766d97",
    "杨浦区2021": "3ef2c69c6b081397768b351e44851ecf6f8c3979e8f752a03fa367fab26700df",
    "盐湖区2022": "78380d15d484fc3ea8d541250fb236d841b0e043bdd3b6746141b3a5e27dd314",
    "嘉定区2025": "6f588ebde3c8534e7e477eb6c3272fc036f13f8c6a2b487f9e5de58699fdd95b",
}


@cache
def _files() -> dict[str, Path]:
    folder = os.environ.get(VARIABLE)
    if not folder:
        return {}
    files = [path for path in Path(folder).iterdir() if path.is_file()]
    return {sha256(path.read_bytes()).hexdigest(): path for path in files}


def document(name: str) -> bytes:
    """Return the bytes of a document; skips the test where it is absent."""
    path = _files().get(DIGESTS[name])
    if path is None:
        pytest.skip(f"{VARIABLE} names no directory that holds {name}")
    return path.read_bytes()


@cache
def _parsed(name: str) -> ParsedPlan:
    return parse_bytes(document(name), f"{name}.txt")


def parsed(name: str) -> ParsedPlan:
    """Return a document, parsed once in a test run."""
    document(name)
    return _parsed(name)
