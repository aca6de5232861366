"""``yingshang plan import``: draft by default, stored with --confirm, the same again changes nothing."""

import json

import pytest
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.domains.plans.exchange import export_plan
from yingshang.domains.plans.models import ImportDraft, PlanDocument
from yingshang.domains.plans.stored import state_of
from yingshang.domains.plans.tests.cast import HOME, OTHER, PLAN_2025, make_organs
from yingshang.parties.models import Account, Mandate, Organ, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(tmp_path):
    make_organs()
    path = tmp_path / "方案.txt"
    path.write_text(PLAN_2025, encoding="utf-8")
    return path


def run(*arguments: object, code: int = 0):
    result = CliRunner().invoke(cli, ["plan", "import", *map(str, arguments), "--json"])
    assert result.exit_code == code, result.output + result.stderr
    return json.loads(result.stdout) if code == 0 else result.stderr


def test_a_draft_comes_first_and_confirm_takes_it_up(paper) -> None:
    first = run(paper)
    assert first["status"] == "draft"
    assert first["measures"] == 5
    assert not PlanDocument.objects.exists()
    assert run(paper)["draft"] == first["draft"]
    stored = run(paper, "--confirm")
    assert (stored["status"], stored["version"], stored["changes"]["new"]) == ("confirmed", 1, 5)
    assert run(paper, "--confirm") == {"status": "unchanged", "document": stored["document"]}
    assert PlanDocument.objects.get().versions.count() == 1


def test_an_export_without_changes_leaves_nothing_behind(paper, tmp_path) -> None:
    plan = PlanDocument.objects.get(ref=run(paper, "--confirm")["document"])
    export = tmp_path / "export.xlsx"
    export.write_bytes(export_plan(state_of(plan.current), plan.ref, "xlsx"))
    assert run(export, "--confirm")["status"] == "unchanged"
    assert not ImportDraft.objects.filter(status="open").exists()


def test_another_division_and_a_title_can_be_said(paper) -> None:
    run(paper, "--confirm", "--division", OTHER, "--title", "邻区方案")
    plan = PlanDocument.objects.get()
    assert (plan.kind, plan.division, plan.title) == ("reference", OTHER, "邻区方案")


def test_with_an_account_its_mandate_decides(paper) -> None:
    role = Role.objects.create(key="importer", label="导入", permissions=["plans.import"])
    person = Person.objects.create(name="何静")
    mandate = Mandate.objects.create(person=person, organ=Organ.objects.get(key="reform"))
    mandate.roles.set([role])
    Account.objects.create_user("he", "a-long-password-1", person)
    assert run(paper, "--as", "he")["status"] == "draft"
    assert ImportDraft.objects.get().created_by_name == "何静"
    assert "权限" in run(paper, "--as", "he", "--confirm", code=2)
    assert "he2" in run(paper, "--as", "he2", code=2)


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (b"\x00\x01\x02", []),
        ("今天天气不错。".encode(), []),
        (PLAN_2025.encode(), ["--document", "nothing"]),
        (PLAN_2025.replace("某区2025年优化营商环境行动方案\n", "").encode(), ["--confirm"]),
        (PLAN_2025.encode(), ["--division", "12", "--confirm"]),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_sentence(paper, content, arguments) -> None:
    paper.write_bytes(content)
    told = run(paper, *arguments, code=2)
    assert "Traceback" not in told
    assert len(told.strip()) > 8
    assert not PlanDocument.objects.exists()


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    assert "无法读取" in run(tmp_path / "nothing.txt", code=2)


def test_people_get_a_sentence(paper) -> None:
    result = CliRunner().invoke(cli, ["plan", "import", str(paper), "--division", HOME])
    assert "共5条措施" in result.stdout
