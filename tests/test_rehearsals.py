"""Every pack is free of findings, and every rehearsal of every pack passes on both databases."""

from datetime import datetime

import pytest

from tests.kept import kept
from yingshang.content.actions import load_packs
from yingshang.content.linting import lint_packs
from yingshang.content.permissions import LOAD
from yingshang.content.rehearsals import Rehearsal
from yingshang.content.rehearsing import list_rehearsals, rehearse
from yingshang.kernel.times import frozen
from yingshang.parties.actors import system_actor

REHEARSALS = list_rehearsals()


def test_no_pack_has_findings() -> None:
    assert [str(finding) for finding in lint_packs()] == []


def loaded(packs: tuple[str, ...], at: datetime) -> None:
    """Have the packs loaded at that time; the rehearsal then finds nothing changed in them."""
    with frozen(at):
        name = "-".join(("packs", *packs, f"{at:%H%M}"))
        kept(name, lambda: load_packs(system_actor("rehearsal", LOAD), names=packs) and None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pack", "rehearsal"),
    [pytest.param(pack, one, id=f"{pack}-{one.key}") for pack, one in REHEARSALS],
)
def test_rehearsal(pack: str, rehearsal: Rehearsal) -> None:
    loaded(tuple(dict.fromkeys((*rehearsal.given.packs, pack))), rehearsal.given.at)
    outcome = rehearse(pack, rehearsal)
    assert outcome.ok, f"step {outcome.failed_step}: {outcome.why}"
