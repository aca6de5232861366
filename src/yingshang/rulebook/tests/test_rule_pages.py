"""The book of rules on the desk: what a rule says, whom it reaches, and a trial on one enterprise."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from yingshang.cli import cli
from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.facts.models import Reading
from yingshang.facts.tasks import write_daily_snapshot
from yingshang.facts.tests.conftest import Stage, stage
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.parties.models import Account
from yingshang.rulebook import reach
from yingshang.rulebook.book import current_book
from yingshang.rulebook.declaring import ParameterDeclaration, PolicyDeclaration
from yingshang.rulebook.errors import NoSuchEnterprise
from yingshang.rulebook.linting import lint_policy
from yingshang.rulebook.trying import find_enterprise, try_rule

__all__ = ["stage"]
RULES = ("rulebook.read", "rulebook.try", "facts.read", "parties.read_subjects")
GRANT: dict[str, Any] = {
    "key": "grant",
    "title": "扩招补助",
    "title_en": "Grant for hiring",
    "source": "试点办法第三条",
    "valid_from": "2026-01-01",
    "condition": {
        "all": [
            {"text": "enterprise.staff >= param.least_staff", "label": "规模", "clause": "第三条"},
            {"not": "enterprise.on_list"},
        ]
    },
    "results": {
        "amount": {
            "base": "enterprise.staff * 1000",
            "rate": "0.5",
            "rounding": "down",
            "cap": 9000,
        }
    },
}
LEAST: dict[str, Any] = {
    "key": "param.least_staff",
    "label": "人数下限",
    "label_en": "Least staff",
    "type": "int",
    "values": [
        {"from": "2025-01-01", "value": 99, "legal": "2025年通知"},
        {"from": "2026-01-01", "value": 10, "legal": "2026年通知"},
    ],
}


def store(kind: str, one: PolicyDeclaration | ParameterDeclaration) -> None:
    body = canonical_body(one)
    ContentVersion.objects.create(
        kind=kind, key=one.key, number=1, pack="trial", body=body, digest=digest_of(body),
        valid_from=today(), loaded_at=now(),
    )  # fmt: skip


@pytest.fixture
def book(stage: Stage, settings: Any, tmp_path: Path) -> Stage:
    settings.DATA_DIR = tmp_path
    assert get_resolver().url_patterns
    store("parameter", ParameterDeclaration(**LEAST))
    store("policy", PolicyDeclaration(**GRANT))
    return stage


def browser_of(actor: Actor) -> Client:
    account = Account.objects.get(pk=actor.account_id)
    client = Client()
    client.force_login(account, settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session["epoch"] = account.session_epoch
    session.save()
    return client


def write_snapshot(folder: Path) -> None:
    (folder / "snapshots").mkdir()
    for day, staff in (("2026-10-01", [1, 1, 1]), ("2026-11-01", [50, None, 3])):
        table = {
            "subject": ["a", "b", "c"],
            "enterprise.staff": pa.array(staff, pa.int64()),
            "enterprise.on_list": [False, False, False],
        }
        pq.write_table(pa.table(table), folder / f"snapshots/enterprise-{day}.parquet")


def test_a_trial_says_what_holds_what_fails_and_the_smallest_change(book: Stage) -> None:
    book.say("tax", "enterprise.staff", 8)
    book.say("registry", "enterprise.on_list", False)
    actor = book.official("other", *RULES)
    trial = try_rule(actor, key="grant", subject=book.firm.ref, as_of=today())
    assert trial.verdict.result == "no"
    assert [(one.fact, one.gap) for one in trial.verdict.failed] == [("enterprise.staff", 2)]
    assert [part.result for part in trial.explained.parts] == ["no", "yes"]
    assert trial.flip is not None
    assert trial.flip.facts == {"enterprise.staff": 10}
    (reading,) = Reading.objects.all()
    assert (reading.purpose, reading.keys) == ("policy", ["enterprise.on_list", "enterprise.staff"])


def test_the_parameter_of_the_day_counts_and_results_follow(book: Stage) -> None:
    book.say("tax", "enterprise.staff", 30)
    book.say("registry", "enterprise.on_list", False)
    actor = book.official("other", *RULES)
    trial = try_rule(actor, key="grant", subject=book.firm.ref, as_of=today())
    assert (trial.verdict.result, trial.verdict.results) == ("yes", {"amount": 9000})
    before = try_rule(actor, key="grant", subject=book.firm.ref, as_of=date(2025, 6, 1))
    assert before.verdict.result == "no"


def test_the_page_shows_words_parameters_and_reach_of_the_newest_snapshot(
    book: Stage, tmp_path: Path
) -> None:
    write_snapshot(tmp_path)
    client = browser_of(book.official("other", *RULES))
    page = client.get(reverse("desk:rule", args=["grant"])).content.decode()
    for words in (
        "从业人数不低于10 人",
        "2026年通知",
        "试点办法第三条",
        "2026年11月1日",
        "共 3 个主体",
    ):
        assert words in page, words
    english = client.get(
        reverse("desk:rule", args=["grant"]), headers={"accept-language": "en"}
    ).content.decode()
    assert "Staff is at least 10" in english
    assert "Grant for hiring" in english
    found = reach.reach_of(current_book(today()).rules, current_book(today()).catalogue)["grant"]
    assert (found.yes, found.unknown, found.no) == (1, 1, 1)
    listed = client.get(reverse("desk:rules")).content.decode()
    assert "扩招补助" in listed


def test_the_reach_is_counted_in_the_daily_snapshot(book: Stage) -> None:
    book.say("tax", "enterprise.staff", 30)
    book.say("registry", "enterprise.on_list", False)
    other = book.subject("乙公司", "91310000100000004H")
    book.say("tax", "enterprise.staff", 3, subject=other)
    write_daily_snapshot()
    read = current_book(today())
    found = reach.reach_of(read.rules, read.catalogue)["grant"]
    assert (found.yes, found.unknown, found.no, found.as_of) == (1, 0, 1, today())


def test_a_trial_on_the_page_and_its_refusals(book: Stage) -> None:
    book.say("tax", "enterprise.staff", 8)
    actor = book.official("other", *RULES)
    client = browser_of(actor)
    address = reverse("desk:rule", args=["grant"])
    form = {"subject": book.firm.code, "as_of": "2026-11-02"}
    page = client.post(address, form)
    assert page.status_code == 200
    assert "相差 2 人" in page.content.decode()
    assert "从业人数 → 10 人" in page.content.decode()
    assert client.post(address, {**form, "subject": "没有这家"}).status_code == 422
    assert client.post(address, {**form, "as_of": "x"}).status_code == 422
    assert client.get(reverse("desk:rule", args=["nothing"])).status_code == 404
    reader = browser_of(book.official("other", "rulebook.read"))
    assert reader.get(address).status_code == 200
    assert reader.post(address, form).status_code == 403
    stranger = browser_of(book.official("other", "facts.read"))
    assert stranger.get(address).status_code == 403
    assert Reading.objects.count() == 1


def test_sensitive_facts_are_read_only_on_a_ground(book: Stage) -> None:
    book.say("tax", "enterprise.revenue", 500, item="2025")
    document = {**GRANT, "key": "big", "condition": "enterprise.revenue_last > 300"}
    store("policy", PolicyDeclaration(**document))
    address = reverse("desk:rule", args=["big"])
    form = {"subject": book.firm.code, "as_of": "2026-11-02"}
    plain = browser_of(book.official("other", *RULES))
    page = plain.post(address, {**form, "ground": "核对申报"}).content.decode()
    assert "敏感数据没有读取" in page
    assert "读取敏感数据的理由" not in page
    allowed = browser_of(book.official("other", *RULES, "facts.read_sensitive"))
    page = allowed.post(address, {**form, "ground": "核对申报"}).content.decode()
    assert "敏感数据没有读取，" not in page
    assert "5 元" in page
    assert [one.ground for one in Reading.objects.order_by("pk")] == ["", "核对申报"]


def test_a_trial_needs_every_right(book: Stage) -> None:
    for without in ("rulebook.read", "rulebook.try", "facts.read"):
        actor = book.official("other", *(one for one in RULES if one != without))
        with pytest.raises(NotPermitted):
            try_rule(actor, key="grant", subject=book.firm.ref, as_of=today())
    with pytest.raises(NoSuchEnterprise):
        find_enterprise(book.official("other", *RULES), "甲")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"condition": "enterprise.nothing > 1"}, "rule_undeclared"),
        ({"condition": "enterprise.staff > 'a'"}, "rule_type"),
        ({"asks": ["enterprise.nothing"]}, "unknown_fact"),
        ({}, ""),
    ],
)
def test_a_policy_that_the_catalogue_does_not_fit_is_found_before_loading(
    book: Stage, change: dict[str, Any], code: str
) -> None:
    catalogue = current_book(today()).catalogue
    known = {
        "fact_type": catalogue.types,
        "derivation": catalogue.derivations,
        "code_list": catalogue.codes,
        "parameter": {LEAST["key"]: ParameterDeclaration(**LEAST)},
    }
    remarks = list(lint_policy(PolicyDeclaration(**{**GRANT, **change}), known))
    assert [remark[0] for remark in remarks] == ([code] if code else [])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"condition": {"any": []}}, "非空"),
        ({"valid_to": "2025-01-01"}, "早于"),
        ({"source": ""}, "source"),
        ({"key": "X Y"}, "key"),
    ],
)
def test_what_is_no_policy_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        PolicyDeclaration(**{**GRANT, **change})


def run(*args: str) -> Any:
    return CliRunner().invoke(cli, args)


def test_commands_take_types_from_a_pack(tmp_path: Path) -> None:
    folder = "content/demo-district/policies"
    checked = run("rules", "check", folder, "--catalogue", "demo-district", "--json")
    said = json.loads(checked.stdout)
    assert said == {"ok": True, "findings": []}, checked.stdout
    facts = {
        "enterprise.founded_on": "2025-05-01",
        "enterprise.industry": "C39",
        "enterprise.employees": 4,
    }
    (tmp_path / "f.json").write_text(json.dumps(facts), "utf-8")
    where = ("--facts", str(tmp_path / "f.json"), "--catalogue", "demo-district")
    result = run("checkup", "--policies", folder, *where, "--as-of", "2026-11-22", "--json")
    verdicts = {one["id"]: one for one in json.loads(result.stdout)}
    assert verdicts["young-manufacturer"]["failed"] == [
        {"text": "enterprise.employees >= 10", "fact": "enterprise.employees", "gap": 6}
    ]
    value = run(
        "rules", "eval", "years_since(enterprise.founded_on)", *where, "--as-of", "2026-11-22"
    )
    assert value.stdout.strip() == "1"
    (tmp_path / "f.json").write_text('{"enterprise.founded_on": "soon"}', "utf-8")
    assert run("rules", "eval", "true", *where).exit_code == 2
    assert run("rules", "check", folder, "--catalogue", "no-such-pack").exit_code == 2
