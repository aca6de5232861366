"""Snapshots say of every subject what its profile says; what is loaded is what was made up."""

import random
from datetime import UTC, date, datetime, timedelta

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.cli.facts_loading import write_one_snapshot
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import PurposeMissing
from yingshang.facts.models import FactLoad, FactValue, Reading, SourceCompleteness
from yingshang.facts.permissions import READ, READ_SENSITIVE
from yingshang.facts.profiles import load_population
from yingshang.facts.snapshots import write_logged_snapshot, write_snapshot
from yingshang.facts.staging import no_progress
from yingshang.facts.tasks import write_daily_snapshot
from yingshang.kernel.times import frozen, now
from yingshang.ledger.models import Entry
from yingshang.parties.actors import system_actor
from yingshang.parties.models import Subject, SubjectRelation
from yingshang.rules.columns import read_schema, read_table
from yingshang.rules.declarations import GRADES
from yingshang.rules.errors import BadFacts


def snapshot(path, as_of, **more):
    write_snapshot(path, as_of=as_of, known_at=now(), **more)
    return {row["subject"]: row for row in pq.read_table(path).to_pylist()}


def same_as_profile(row, profile):
    for key in profile.catalogue.columns_of(profile.namespace):
        known = profile.known(key)
        assert row[key] == (None if known is None else known.value), key
        assert row.get(f"{key}#grade") == (None if known is None else known.grade), key


def test_every_row_is_the_profile_of_its_subject(stage, tmp_path):
    other = stage.subject("乙公司", "91350100M000100Y43")
    stage.say("tax", "enterprise.staff", 12)
    stage.say("tax", "enterprise.staff", 30, subject=other, valid_from=date(2026, 1, 1))
    for year, revenue in ((2023, 10), (2024, 20), (2025, 30)):
        stage.say("tax", "enterprise.revenue", revenue, item=str(year))
    stage.say("tax", "enterprise.rd_cost", 3, item="2025")
    stage.say("registry", "enterprise.penalties", {"on": "2026-03-01", "fine": 50}, item="a")
    stage.say("registry", "enterprise.trade", "C13", subject=other)
    SubjectRelation.objects.create(
        source=stage.firm, target=stage.person, type="legal_representative"
    )
    day = date(2026, 11, 2)
    rows = snapshot(tmp_path / "s.parquet", day)
    population = load_population(
        current_catalogue(), [stage.firm.pk, other.pk], as_of=day, known_at=now()
    )
    assert set(rows) == {stage.firm.code, other.code}
    same_as_profile(rows[stage.firm.code], population.profile(stage.firm.pk))
    same_as_profile(rows[other.code], population.profile(other.pk))
    assert rows[stage.firm.code]["enterprise.revenue_grew"] is True
    assert rows[stage.firm.code]["enterprise.rd_ratio"] == 0.1
    assert rows[stage.firm.code]["enterprise.clean_year"] is False
    assert rows[other.code]["enterprise.staff"] == 30


def test_rows_are_profiles_whatever_was_recorded(stage, tmp_path):
    """Overlapping, ended, graded, sparse: rows drawn without regard to how actions would weave them."""
    rng, moment = random.Random(7), now()
    firms = [stage.firm, *(stage.subject(f"企业{n}", f"A{n:017}") for n in range(15))]
    people = [
        stage.person,
        *(Subject.objects.create(type="person", name=f"人{n}") for n in range(3)),
    ]
    load = FactLoad.objects.create(source="tax")
    rows: list[FactValue] = []
    for subject in firms:
        rows += [a_row(rng, subject, load, moment) for _ in range(rng.randrange(30))]
    barred = ((person, rng.random() < 0.5) for person in people[1:])
    rows += [row_of(rng, one, "person.barred", "", so, load, moment) for one, so in barred]
    FactValue.objects.bulk_create(rows)
    for key in ("enterprise.penalties", "enterprise.on_list", "person.barred"):
        if rng.random() < 0.7:
            SourceCompleteness.objects.create(
                source="registry", key=key, complete_to=date(2026, 11, 1),
                recorded_at=moment, load=load,
            )  # fmt: skip
    for firm in firms:
        for person in rng.sample(people, rng.randrange(3)):
            SubjectRelation.objects.create(source=firm, target=person, type="legal_representative")
    for day in (date(2026, 11, 2), date(2026, 3, 1), date(2025, 6, 30)):
        found = snapshot(tmp_path / "s.parquet", day)
        ids = [firm.pk for firm in firms]
        population = load_population(current_catalogue(), ids, as_of=day, known_at=now())
        for firm in firms:
            same_as_profile(found[firm.code], population.profile(firm.pk))


def row_of(rng, subject, key, item, content, load, moment):
    start = date(2025, 1, 1) + timedelta(days=rng.randrange(600))
    recorded = moment - timedelta(hours=rng.randrange(1, 100))
    return FactValue(
        subject=subject, key=key, item=item, content=content, load=load, source="tax",
        valid_from=rng.choice([None, start]),
        valid_to=rng.choice([None, None, start + timedelta(days=rng.randrange(400))]),
        recorded_at=recorded,
        superseded_at=rng.choice([None, None, None, moment]),
        grade=rng.choice(GRADES),
    )  # fmt: skip


def a_row(rng, subject, load, moment):
    year, day = str(rng.randrange(2021, 2026)), date(2024, 1, 1) + timedelta(rng.randrange(1000))
    key, item, content = rng.choice(
        [
            ("enterprise.staff", "", rng.randrange(100)),
            ("enterprise.trade", "", rng.choice(["C", "C13", "I", "Z"])),
            ("enterprise.on_list", "", rng.random() < 0.5),
            ("enterprise.revenue", year, rng.randrange(-2, 5)),
            ("enterprise.rd_cost", year, rng.randrange(5)),
            (
                "enterprise.penalties",
                rng.choice("abc"),
                {"on": day.isoformat(), **({"fine": 5} if rng.random() < 0.7 else {})},
            ),
        ]
    )
    return row_of(rng, subject, key, item, content, load, moment)


def test_a_snapshot_of_an_earlier_day_can_be_made_again(stage, tmp_path):
    stage.say("tax", "enterprise.staff", 12, valid_from=date(2026, 1, 1))
    before = now()
    stage.say("tax", "enterprise.staff", 15, valid_from=date(2026, 10, 1))
    assert snapshot(tmp_path / "a", date(2026, 9, 1))[stage.firm.code]["enterprise.staff"] == 12
    assert snapshot(tmp_path / "b", date(2026, 11, 2))[stage.firm.code]["enterprise.staff"] == 15
    path = tmp_path / "c"
    write_snapshot(path, as_of=date(2026, 11, 2), known_at=before)
    assert pq.read_table(path)["enterprise.staff"].to_pylist() == [12]


def test_every_night_a_snapshot_is_written_and_each_enterprise_can_see_so(
    stage, tmp_path, settings
):
    settings.DATA_DIR = tmp_path
    stage.say("tax", "enterprise.staff", 12)
    for _ in range(10):
        write_daily_snapshot()
        stage.tick(days=1)
    found = sorted(path.name for path in (tmp_path / "snapshots").iterdir())
    assert found == [f"enterprise-2026-11-{day:02}.parquet" for day in range(5, 12)]
    newest = pq.read_table(tmp_path / "snapshots" / found[-1])
    assert newest["enterprise.staff"].to_pylist() == [12]
    reading = Reading.objects.order_by("-pk")[0]
    assert (reading.subjects, reading.subject_type, reading.purpose) == (1, "enterprise", "policy")


@pytest.mark.one_database
def test_every_sort_of_subject_sees_the_reading_also_when_nothing_came_of_it(stage, tmp_path):
    stage.say("tax", "enterprise.revenue", 5, item="2025")
    Subject.objects.create(type="self_employed", name="张记", code="92350100M000100Y43")
    actor = system_actor("test", READ, READ_SENSITIVE)
    more = {"as_of": date(2026, 11, 2), "purpose": "policy", "ground": "试"}
    with pytest.raises(PurposeMissing):
        write_logged_snapshot(actor, tmp_path / "a", **{**more, "ground": ""})
    assert not list(tmp_path.iterdir())
    with pytest.raises(BadFacts):
        write_logged_snapshot(actor, tmp_path / "missing" / "a", **more)
    found = Reading.objects.values_list("subject_type", "subjects", "sensitive")
    assert sorted(found) == [("enterprise", 1, True), ("self_employed", 1, True)]
    assert Entry.objects.filter(kind="facts.read").count() == 2


@pytest.mark.one_database
def test_the_command_logs_the_snapshot_as_a_reading(stage, tmp_path):
    write_one_snapshot(
        tmp_path / "x.parquet",
        as_of=date(2026, 11, 2),
        namespace="enterprise",
        purpose="statistics",
        ground="年度分析",
        progress=no_progress,
    )
    reading = Reading.objects.get()
    assert (reading.purpose, reading.ground, reading.actor) == (
        "statistics",
        "年度分析",
        "system:facts-snapshot",
    )


def test_the_matcher_reads_a_snapshot_by_value_and_by_grade(stage, tmp_path):
    stage.say("tax", "enterprise.staff", 12)
    snapshot(tmp_path / "s.parquet", date(2026, 11, 2))
    schema = read_schema(tmp_path / "s.parquet")
    assert schema == {k: v.type for k, v in current_catalogue().declared.items() if k in schema}
    table = read_table(tmp_path / "s.parquet", ["enterprise.staff"])
    assert table.column("enterprise.staff@authoritative").value(0) == 12


@pytest.mark.one_database
@pytest.mark.django_db
def test_a_made_up_district_comes_back_from_the_database_as_it_was_made(tmp_path):
    with frozen(datetime(2026, 11, 2, 4, tzinfo=UTC)):
        load_packs(system_actor("test", LOAD), names=("enterprise-facts",))
        made, back = tmp_path / "made.parquet", tmp_path / "back.parquet"
        run(f"facts generate --enterprises 80 --seed 3 --out {made} --files {tmp_path / 'files'}")
        loaded = run(f"facts load {tmp_path / 'files'} --register --complete-to 2026-11-02")
        assert "未收 0" in loaded
        run(f"facts snapshot --out {back} --as-of 2026-11-02")
    first, everybody = (pq.read_table(path).sort_by("subject") for path in (made, back))
    second = everybody.filter(pc.is_in(everybody["subject"], first["subject"]))
    assert first["subject"].to_pylist() == second["subject"].to_pylist()
    for key in first.column_names:
        assert [near(value) for value in first[key].to_pylist()] == [
            near(value) for value in second[key].to_pylist()
        ], key
    assert any(first["enterprise.branches"].to_pylist()), "branches are enterprises of their own"
    assert len(everybody) > len(second)
    grades = second["enterprise.employees#grade"].to_pylist()
    assert set(grades) == {None, GRADES[0], GRADES[-1]}


def near(value):
    return round(value, 9) if isinstance(value, float) else value


def run(line):
    result = CliRunner().invoke(cli, line.split())
    assert result.exit_code == 0, result.output
    return result.output
