"""Loads very many cases whose stored rows replay accepts unchanged, skewed over organs and enterprises.

Some twenty stories (applications that were accepted, corrected, heard, extended, decided, late …) begin on
one of 250 days. Each pair is folded once by the engine itself; the rows of a million cases are then
copies that differ in reference, title, organ and enterprise, and are written as fast as the database
takes them. The load leaves one record in the ledger.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

ORGANS, DAYS = 60, 250
PROCEDURE = "benchmark-licence"
CHUNK = 20_000

BODY: dict[str, Any] = {
    "key": PROCEDURE,
    "label": "许可（测速）",
    "label_en": "Licence (benchmark)",
    "initial": "received",
    "opens": {"permission": "cases.assign", "fields": [{"field": "item"}]},
    "fields": [
        {"key": "item", "label": "事项", "label_en": "Item", "type": "ref"},
        {"key": "notice", "label": "告知书", "label_en": "Notice", "type": "text"},
    ],
    "states": [
        {"key": "received", "label": "已收件", "label_en": "Received"},
        {"key": "accepted", "label": "已受理", "label_en": "Accepted"},
        {"key": "hearing", "label": "听证", "label_en": "Hearing"},
        {"key": "granted", "label": "准予", "label_en": "Granted", "final": True},
        {"key": "refused", "label": "不予", "label_en": "Refused", "final": True},
    ],
    "actions": [
        {"key": key, "label": label, "label_en": key, "from": start, "to": to, **more,
         "by": [{"permission": "cases.handle", "relation": "holder"}]}
        for key, label, start, to, more in (
            ("accept", "受理", ["received"], "accepted", {}),
            ("hear", "听证", ["accepted"], "hearing", {
                "ground": "行政许可法第四十五条", "written_notice": "notice",
                "fields": [{"field": "notice", "required": True}]}),
            ("close", "听证结束", ["hearing"], "accepted", {}),
            ("extend", "延长", ["accepted"], None, {
                "at_most": 1, "ground": "行政许可法第四十二条", "written_notice": "notice",
                "fields": [{"field": "notice", "required": True}],
                "extends": {"clock": "decision", "n": 10}}),
            ("grant", "准予许可", ["accepted"], "granted", {}),
            ("refuse", "不予许可", ["accepted"], "refused", {}),
        )
    ],
    "clocks": [
        {"key": "acceptance", "label": "受理", "label_en": "Acceptance", "basis": "statutory",
         "ground": "行政许可法第三十二条", "limit": {"n": 5, "kind": "working"}, "runs_in": ["received"]},
        {"key": "decision", "label": "法定办结", "label_en": "Decision", "basis": "statutory",
         "ground": "行政许可法第四十二条", "limit": {"n": 20, "kind": "working"},
         "runs_in": ["accepted"], "pauses_in": ["hearing"]},
        {"key": "promise", "label": "承诺办结", "label_en": "Promise",
         "limit": {"n": 10, "kind": "working"}, "runs_in": ["accepted"], "pauses_in": ["hearing"]},
    ],
}  # fmt: skip

TOLD = {"notice": "已书面告知。"}
STORIES: tuple[tuple[int, tuple[tuple[str, int, dict[str, Any]], ...]], ...] = (
    (2, ()),
    (6, (("accept", 1, {}),)),
    (2, (("accept", 3, {}), ("hear", 9, TOLD))),
    (2, (("accept", 2, {}), ("extend", 12, TOLD))),
    (40, (("accept", 1, {}), ("grant", 6, {}))),
    (20, (("accept", 2, {}), ("grant", 11, {}))),
    (10, (("accept", 1, {}), ("refuse", 8, {}))),
    (8, (("accept", 2, {}), ("extend", 12, TOLD), ("grant", 30, {}))),
    (6, (("accept", 1, {}), ("hear", 5, TOLD), ("close", 15, {}), ("grant", 22, {}))),
)
"""How often each story is told, and its actions with the days after the opening."""


@dataclass(frozen=True)
class Told:
    """One story begun on one day, as rows without what differs from case to case."""

    case: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    is_open: bool


def make_procedure() -> Any:
    """Store the procedure and return its version."""
    from yingshang.cases.procedure import Procedure
    from yingshang.content.actions import canonical_body, digest_of
    from yingshang.content.models import ContentVersion
    from yingshang.kernel.times import now, today

    body = canonical_body(Procedure.model_validate(BODY))
    return ContentVersion.objects.create(
        kind="procedure", key=PROCEDURE, number=1, pack="benchmark", body=body,
        digest=digest_of(body), valid_from=today(), loaded_at=now(),
    )  # fmt: skip


def make_parties(count: int) -> tuple[list[Any], list[Any]]:
    """Make the organs, and an enterprise for every twenty cases."""
    from yingshang.parties.models import Organ, Subject

    organs = [
        Organ(key=f"bench-{n}", name=f"第{n}局", type="department", division="990101", order=n)
        for n in range(1, ORGANS + 1)
    ]
    subjects = [
        Subject(type="enterprise", name=f"第{n}号企业", code=f"9199010100{n:08d}")
        for n in range(1, max(20, count // 20) + 1)
    ]
    Organ.objects.bulk_create(organs)
    Subject.objects.bulk_create(subjects, batch_size=2000)
    return list(Organ.objects.filter(key__startswith="bench-").order_by("order")), list(
        Subject.objects.filter(code__startswith="91990101").order_by("pk")
    )


def load(count: int) -> tuple[list[Any], list[Any]]:
    """Load so many cases; return the organs and enterprises, those with the most cases first."""
    from django.db import connection, transaction

    from yingshang.ledger.recording import record

    version = make_procedure()
    organs, subjects = make_parties(count)
    with transaction.atomic():
        payload = {"cases": count, "procedure": version.digest}
        entry = record("cases.loaded", actor="system:benchmark", subject="load:1", payload=payload)
        writer = Writer(connection, version, entry.ref)
        dice = random.Random(count)
        told = tell(version)
        weights = list(accumulate(weight for weight, _story in STORIES))
        of_organs = list(accumulate(1 / rank for rank in range(1, len(organs) + 1)))
        of_subjects = list(accumulate(1 / (rank + 5) for rank in range(len(subjects))))
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            stories = dice.choices(range(len(STORIES)), cum_weights=weights, k=size)
            # Most cases of a year are closed; the open ones are from the last weeks or long overdue.
            days = [
                dice.randrange(
                    DAYS
                    if STORIES[one][1][-1:] and STORIES[one][1][-1][0] in ("grant", "refuse")
                    else 30
                )
                for one in stories
            ]
            holders = dice.choices(organs, cum_weights=of_organs, k=size)
            owners = dice.choices(subjects, cum_weights=of_subjects, k=size)
            writer.write(
                (told[story, day], holder, owner)
                for story, day, holder, owner in zip(stories, days, holders, owners, strict=True)
            )
        writer.finish()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does after a load
    return organs, subjects


def tell(version: Any) -> dict[tuple[int, int], Told]:
    """Fold every story on every day by the engine itself."""
    from yingshang.cases.log import procedure_of
    from yingshang.kernel.times import now

    procedure, end = procedure_of(version), now()
    return {
        (story, day): _told(procedure, end - timedelta(days=day + 1), deeds, end)
        for story, (_weight, deeds) in enumerate(STORIES)
        for day in range(DAYS)
    }


def _told(procedure: Any, opened: datetime, deeds: Any, end: datetime) -> Told:
    from yingshang.cases.fold import fold
    from yingshang.cases.history import Happened
    from yingshang.kernel.workdays import calendar

    happened = [Happened(1, "open", "", "received", opened, {"item": "bench"}, holder="x")]
    for action, days, data in deeds:
        at, before = opened + timedelta(days=days), happened[-1].to_state
        if at > end:
            break
        to = procedure.action_by_key[action].to or before
        happened.append(Happened(len(happened) + 1, action, before, to, at, data))
    folded = fold(procedure, happened, calendar())
    clocks = folded.clocks
    case = {
        "state": folded.state,
        "data": dict(folded.data),
        "opened_at": folded.opened_at,
        "closed_at": folded.closed_at,
        "seq": folded.seq,
        "due_on": clocks.due_on,
        "sort_on": clocks.due_on or date.max,
        "yellow_on": clocks.yellow_on,
        "red_on": clocks.red_on,
        "provisional": clocks.provisional,
        "paused": clocks.paused and clocks.due_on is None,
        "expires_on": None,
    }
    events = tuple(
        {
            "seq": one.seq,
            "action": one.action,
            "from_state": one.from_state,
            "to_state": one.to_state,
            "fields": dict(one.data),
            "occurred_at": one.occurred_at,
            "recorded_at": one.occurred_at,
        }
        for one in happened
    )
    return Told(case, events, folded.closed_at is None)


class Writer:
    """Writes rows of cases, events and participants with the database's own fast way."""

    def __init__(self, connection: Any, version: Any, entry: str) -> None:
        from django.db.models import Max

        from yingshang.cases.models import Case, CaseEvent, CaseParticipant

        self.connection, self.version, self.entry = connection, version, entry
        self.models = (Case, CaseEvent, CaseParticipant)
        self.next = {
            model: 1 + (model.objects.aggregate(last=Max("pk"))["last"] or 0)
            for model in self.models
        }
        self.memory: dict[tuple[int, str], Any] = {}

    def write(self, cases: Iterator[tuple[Told, Any, Any]]) -> None:
        """Write some cases with their events and the organ that may see them."""
        rows: dict[Any, list[tuple[Any, ...]]] = {model: [] for model in self.models}
        case_model, event_model, part_model = self.models
        for told, holder, owner in cases:
            pk = self._take(case_model)
            rows[case_model].append(self._case(pk, told, holder, owner))
            for event in told.events:
                key = self._take(event_model)
                rows[event_model].append(self._event(key, pk, event, holder))
            part = {"id": self._take(part_model), "case_id": pk, "organ_id": holder.pk}
            day = self._prepared(case_model, told.case)["sort_on"]
            part |= {"person_id": None, "sort_on": day}
            rows[part_model].append(tuple(part[name] for name in self._columns(2)))
        for model, made in rows.items():
            self._insert(model, made)

    def _take(self, model: Any) -> int:
        self.next[model] += 1
        return self.next[model] - 1

    def _case(self, pk: int, told: Told, holder: Any, owner: Any) -> tuple[Any, ...]:
        from datetime import date

        prepared = self._prepared(
            self.models[0], told.case, sort_on=told.case["due_on"] or date.max
        )
        own = {
            "id": pk,
            "ref": f"b{pk:011d}",
            "procedure": PROCEDURE,
            "version_id": self.version.pk,
            "title": f"第{pk}号许可申请",
            "subject_id": owner.pk,
            "parent_id": None,
            "origin": "",
            "opener_id": None,
            "holder_id": holder.pk,
            "turn_id": holder.pk if told.is_open else None,
            "assignee_id": None,
        }
        return tuple(own[name] if name in own else prepared[name] for name in self._columns(0))

    def _event(self, key: int, case: int, event: Any, holder: Any) -> tuple[Any, ...]:
        prepared = self._prepared(self.models[1], event, participants=[])
        own = {
            "id": key,
            "case_id": case,
            "reason": "",
            "holder_id": holder.pk if event["seq"] == 1 else None,
            "actor": "system:benchmark",
            "actor_name": "测速",
            "actor_organ_id": None if event["seq"] == 1 else holder.pk,
            "ground": "",
            "about": None,
            "power": "",
            "version_id": None,
            "former_version_id": None,
            "idempotency_key": "",
            "entry": self.entry,
        }
        return tuple(own[name] if name in own else prepared[name] for name in self._columns(1))

    def _prepared(self, model: Any, values: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Return values as the database takes them, worked out once per story and day."""
        known = self.memory.get((id(values), model.__name__))
        if known is None:
            fields = {field.column: field for field in model._meta.concrete_fields}
            known = {
                name: self._plain(fields[name], value) for name, value in (values | more).items()
            }
            self.memory[id(values), model.__name__] = known
        return known

    def _plain(self, field: Any, value: Any) -> Any:
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False)
        if value is None or self.connection.vendor == "postgresql":
            return value
        return field.get_db_prep_save(value, self.connection)

    def _columns(self, place: int) -> list[str]:
        if (place, "columns") not in self.memory:
            fields = self.models[place]._meta.concrete_fields
            self.memory[place, "columns"] = [field.column for field in fields]
        found: list[str] = self.memory[place, "columns"]
        return found

    def _insert(self, model: Any, rows: list[tuple[Any, ...]]) -> None:
        names = [field.column for field in model._meta.concrete_fields]
        table, listed = model._meta.db_table, ", ".join(names)
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                with cursor.cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" for _ in names)
                cursor.cursor.connection.executemany(
                    f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows
                )

    def finish(self) -> None:
        """Let the database count on from the last row."""
        if self.connection.vendor != "postgresql":
            return
        with self.connection.cursor() as cursor:
            for model in self.models:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {self.next[model]})"
                )
