"""Every pack is free of findings, and every rehearsal of every pack passes on both databases."""

import pytest

from yingshang.content.linting import lint_packs
from yingshang.content.rehearsals import Rehearsal
from yingshang.content.rehearsing import list_rehearsals, rehearse

REHEARSALS = list_rehearsals()


def test_no_pack_has_findings() -> None:
    assert [str(finding) for finding in lint_packs()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pack", "rehearsal"),
    [pytest.param(pack, one, id=f"{pack}-{one.key}") for pack, one in REHEARSALS],
)
def test_rehearsal(pack: str, rehearsal: Rehearsal) -> None:
    outcome = rehearse(pack, rehearsal)
    assert outcome.ok, f"step {outcome.failed_step}: {outcome.why}"
