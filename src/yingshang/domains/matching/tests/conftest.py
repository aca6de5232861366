"""A stage of three firms with policies over the trial catalogue, and snapshots written by hand."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.domains.matching.claiming import CLAIMED
from yingshang.domains.matching.permissions import RUN
from yingshang.domains.matching.running import run_matching
from yingshang.facts.permissions import READ, READ_SENSITIVE
from yingshang.facts.tests.conftest import stage
from yingshang.kernel.times import now, today
from yingshang.parties.actors import system_actor
from yingshang.rulebook.declaring import PolicyDeclaration

__all__ = ["matching", "stage"]
CODES = ("91350100M000100Y43", "914403001922038216", "91110000710931221J")
HIRING = {
    "key": "hiring",
    "title": "扩招补助",
    "title_en": "Grant for hiring",
    "source": "试点办法第三条",
    "valid_from": "2026-01-01",
    "valid_to": "2026-11-30",
    "condition": "enterprise.staff >= 10 && !enterprise.on_list",
    "results": {
        "amount": {
            "base": "enterprise.staff * 1000",
            "rate": "0.5",
            "rounding": "down",
            "cap": 9000,
        }
    },
}
FOOD = {
    "key": "food",
    "title": "食品加工补助",
    "title_en": "Grant for food",
    "source": "试点办法第四条",
    "valid_from": "2026-01-01",
    "condition": 'enterprise.trade == "C13"',
}


def publish(policy, number=1):
    """Let a policy be in force, in the place of the one before."""
    one = PolicyDeclaration.model_validate(policy)
    body = canonical_body(one)
    ContentVersion.objects.filter(kind="policy", key=one.key).update(is_current=False)
    ContentVersion.objects.create(
        kind="policy", key=one.key, number=number, pack="trial", body=body,
        digest=digest_of(body), valid_from=today(), loaded_at=now(),
    )  # fmt: skip


class Matching:
    """Firms a, b and c, and a system that matches them."""

    def __init__(self, stage, folder):
        self.stage, self.folder = stage, folder
        self.actor = system_actor("matching", RUN, READ, READ_SENSITIVE)
        self.firms = {"b": stage.firm, "a": stage.subject("a", CODES[0])}
        self.firms["c"] = stage.subject("c", CODES[2])
        publish(HIRING)
        publish(FOOD)

    def snapshot(self, day, **staff):
        """Write the snapshot of a day: staff by firm (None: unknown), all in the food trade."""
        firms = [self.firms[name] for name in staff]
        columns = {
            "subject": [one.code for one in firms],
            "enterprise.staff": pa.array(staff.values(), pa.int64()),
            "enterprise.on_list": [False] * len(firms),
            "enterprise.trade": ["C13"] * len(firms),
            "enterprise.address": ["云州市望江街道1号"] * len(firms),
        }
        path = self.folder / f"enterprise-2026-11-{day:02}.parquet"
        table = pa.table(columns).replace_schema_metadata({"known_at": now().isoformat()})
        pq.write_table(table, path)
        return path

    def run(self, day, telling=True, **staff):
        """Match as of a day of November 2026."""
        return self.match(self.snapshot(day, **staff), day, telling=telling)

    def match(self, path, day, telling=True):
        """Match a snapshot as of a day of November 2026."""
        as_of = date(2026, 11, day)
        return run_matching(self.actor, snapshot=path, as_of=as_of, telling=telling)


@pytest.fixture
def matching(stage, tmp_path, settings, monkeypatch):
    """Return the stage; nobody tells about claims."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "snapshots").mkdir()
    monkeypatch.setattr(CLAIMED, "_things", {})
    return Matching(stage, tmp_path / "snapshots")
