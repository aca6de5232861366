"""Files of relations: told cell by cell, said twice they change nothing, and identity numbers are kept nowhere."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.actions.loading import load_file
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.loading_columns import ColumnsUnfit, ColumnUnknown
from yingshang.facts.models import Evaluation, FactValue
from yingshang.facts.profiles import load_population
from yingshang.facts.relation_files import load_relations
from yingshang.facts.staging import stage as stage_file
from yingshang.facts.tests.conftest import Stage
from yingshang.kernel.times import now, today
from yingshang.parties.models import Subject, SubjectRelation

pytestmark = pytest.mark.django_db
FIRM, OTHER = "914403001922038216", "91350100M000100Y43"
ZHANG, LI = "11010519491231002X", "440524188001010014"
HEADER = "统一社会信用代码,关系,对方代码,对方名称,生效日期,截止日期"


def load(stage: Stage, tmp_path: Path, *rows: str, header: str = HEADER) -> dict[str, Any]:
    file = tmp_path / "relations.csv"
    file.write_text("\n".join([header, *rows]), "utf-8")
    stage.tick()
    return load_relations(stage.official("market", "parties.register_subjects"), file)


def test_relations_are_stated_and_the_same_file_again_changes_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    rows = (
        f"{FIRM},法定代表人,{ZHANG},张三,2020-01-01,2024-06-30",
        f"{FIRM},Legal representative,{LI},李四,2024年7月1日,",
        f"{FIRM},branch,{OTHER},甲公司第一分公司,2021-03-01,",
    )
    report = load(stage, tmp_path, *rows)
    assert (report["rows"], report["new"], report["refused"]) == (3, 3, 0)
    heads = SubjectRelation.objects.filter(type="legal_representative").order_by("valid_from")
    assert [(one.target.name, one.valid_from, one.valid_to) for one in heads] == [
        ("张三", date(2020, 1, 1), date(2024, 6, 30)),
        ("李四", date(2024, 7, 1), None),
    ]
    again = load(stage, tmp_path, *rows)
    assert (again["new"], again["unchanged"]) == (0, 3)
    assert Subject.objects.filter(type="person").count() == 3, "the stage has one of its own"


def test_every_cell_that_cannot_be_read_is_told_and_no_identity_number_shown(
    stage: Stage, tmp_path: Path
) -> None:
    report = load(
        stage,
        tmp_path,
        f"{FIRM},夫妻,{ZHANG},张三,,",
        f"{FIRM},法定代表人,110105194912310021,张三,,",
        f"{FIRM},法定代表人,{ZHANG},,,",
        f"{FIRM},法定代表人,{ZHANG},张三,2024-13-01,",
        f"{FIRM},法定代表人,{ZHANG},张三,2024-02-01,2024-01-01",
        f"91310115000000002X,法定代表人,{ZHANG},张三,,",
        f"{FIRM},母公司,{FIRM},甲公司,,",
    )
    assert report["new"] == 0
    assert sorted(cell["row"] for cell in report["cells"]) == [2, 3, 4, 5, 6, 7, 8]
    columns = {cell["row"]: cell["column"] for cell in report["cells"]}
    assert columns[2] == "关系"
    assert columns[6] == "截止日期"
    told = json.dumps(report, ensure_ascii=False)
    assert "19491231" not in told
    assert all(cell["advice"] for cell in report["cells"])
    for header, error in (
        ("统一社会信用代码,关系", ColumnsUnfit),
        (f"{HEADER},年龄", ColumnUnknown),
    ):
        with pytest.raises(error):
            load(stage, tmp_path, header=header)


def test_facts_of_people_are_loaded_by_identity_number_and_change_what_rests_on_them(
    stage: Stage, tmp_path: Path
) -> None:
    load(stage, tmp_path, f"{FIRM},法定代表人,{ZHANG},张三,2020-01-01,")
    before = record_evaluation(
        stage.official("other", "facts.evaluate", "facts.read", "facts.read_sensitive"),
        subject=stage.firm.ref,
        policy={"id": "p", "title": "政策", "condition": "enterprise.head_not_barred"},
        purpose="policy",
        ground="核对",
    )
    file = tmp_path / "barred.csv"
    file.write_text(f"subject,person.barred\n{ZHANG},是\n{LI},是\n", "utf-8")
    stage.tick()
    staged = stage_file(file, tmp_path, current_catalogue())
    (problem,) = staged.problems
    assert (problem.row, problem.value) == (3, "440524************")
    load_file(stage.official("market", "facts.record"), staged=staged, source="registry")
    value = FactValue.objects.get(key="person.barred")
    assert (value.subject.name, value.content) == ("张三", True)
    after = Evaluation.objects.get(revises=before)
    assert (before.outcome["result"], after.outcome["result"]) == ("unknown", "no")
    load(
        stage, tmp_path,
        f"{FIRM},法定代表人,{ZHANG},张三,2020-01-01,2026-10-31",
        f"{FIRM},法定代表人,{LI},李四,2026-11-01,",
    )  # fmt: skip
    last = Evaluation.objects.get(is_latest=True)
    assert (last.outcome["result"], last.cause and last.cause.sort) == ("unknown", "relation")
    profile = load_population(
        current_catalogue(), [stage.firm.pk], as_of=today(), known_at=now()
    ).profile(stage.firm.pk)
    (head,) = profile.related("legal_representative", "out")
    assert Subject.objects.get(pk=head.subject_id).name == "李四"
