"""The plan office, three bureaus and a supervisor, for the tests of the work on plans."""

import io
import shutil
import subprocess
from dataclasses import dataclass
from hashlib import sha256

from django.test import Client

from tests.kept import kept
from yingshang.cases import actions as cases
from yingshang.cases.models import Case
from yingshang.cases.permissions import APPROVE, ASSIGN, HANDLE, READ_ALL
from yingshang.cases.permissions import READ as READ_CASES
from yingshang.cases.permissions import SUPERVISE as SUPERVISE_CASES
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.actions.tasks import issue_tasks
from yingshang.domains.plans.actions.units import resolve_unit
from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.tests.cast import HOME, OFFICE, import_plan, make_organs
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Account, Mandate, Organ, Person, Role

PASSWORD = "correct-horse-7"
EVIDENCE = {"links": ["https://example.gov.cn/evidence"]}


@dataclass
class Work:
    """A confirmed plan and the people who work on it."""

    plan: PlanDocument
    organs: dict[str, Organ]
    office: Actor
    supervisor: Actor

    def bureau(self, key: str, *permissions: str) -> Actor:
        """Return somebody of an organ, by default with what a bureau's staff may do."""
        given = permissions or (p.READ, READ_CASES, HANDLE)
        return official(self.organs[key], *given)

    def task(self, organ: str, measure: int = 1) -> Task:
        """Return the task of an organ from the measure of this number."""
        return Task.objects.select_related("case").get(
            organ__key=organ, measure__current__number=measure
        )

    def act(self, actor: Actor, task: Task, action: str, reason: str = "", **data: object) -> Case:
        """Do one of the procedure's actions."""
        return cases.act(actor, case=task.case.ref, action=action, reason=reason, data=data)

    def accepted(self, organ: str, measure: int = 1) -> Task:
        """Return a task that its organ has accepted."""
        task = self.task(organ, measure)
        self.act(self.bureau(organ), task, "accept")
        return task


def official(organ: Organ, *permissions: str) -> Actor:
    """Return somebody who acts for an organ with just these permissions."""
    ref = f"account:{organ.key}/mandate:{organ.key}"
    return Actor(
        ref=ref,
        account_id=organ.pk,
        organ_id=organ.pk,
        permissions=frozenset(permissions),
        name=f"{organ.name}经办人",
        party_name=organ.name,
    )


def set_up(text: str | None = None) -> Work:
    """Load the procedures, import a plan through the real actions and introduce the people."""
    return kept(f"work-{sha256((text or '').encode()).hexdigest()[:8]}", lambda: _set_up(text))


def _set_up(text: str | None) -> Work:
    load_packs(system_actor("test", LOAD), names=("plan-governance",))
    organs = make_organs()
    district = Organ.objects.get(key="district")
    supervision = Organ.objects.create(
        key="supervision", name="区督查室", type="department", division=HOME
    )
    organs |= {"district": district, "supervision": supervision}
    office = official(
        district, p.READ, p.ISSUE_TASKS, p.MEET, p.READ_MEETINGS, READ_CASES, ASSIGN, APPROVE
    )
    supervisor = official(supervision, p.READ, p.SUPERVISE, READ_CASES, READ_ALL, SUPERVISE_CASES)
    plan = import_plan(text) if text else import_plan()
    assert isinstance(plan, PlanDocument)
    return Work(plan, organs, office, supervisor)


def resolve_everything() -> None:
    """Say whom the plan's open names mean."""
    resolve_unit(OFFICE, name="区城管局", organs=["urban"], division=HOME)
    resolve_unit(OFFICE, name="区发展改革委", organs=["reform"], division=HOME)
    resolve_unit(
        OFFICE,
        name="各街道、园区",
        organs=["east-street", "west-street", "park"],
        division=HOME,
        group=True,
    )


def issue_all(work: Work) -> None:
    """Resolve what is open and issue every task of the plan."""
    resolve_everything()
    issue_tasks(work.office, document=work.plan.ref)


def browser(organ: Organ, *permissions: str) -> Client:
    """Return a browser in which somebody of an organ signed in through the form."""
    name = f"u{Account.objects.count()}"
    person = Person.objects.create(name=f"{organ.name}{name}")
    role = Role.objects.create(key=name, label=name, permissions=list(permissions))
    Mandate.objects.create(person=person, organ=organ).roles.set([role])
    Account.objects.create_user(name, PASSWORD, person)
    client = Client(headers={"user-agent": "Mozilla (X11) Chrome/120"})
    answer = client.post("/login/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def pdf_text(content: bytes) -> str:
    """Return what a reader finds in a PDF, by poppler where it is installed."""
    if shutil.which("pdftotext"):
        command = ["pdftotext", "-layout", "-", "-"]
        return subprocess.run(
            command, input=content, capture_output=True, check=True
        ).stdout.decode()
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return "\n".join(one.extract_text() for one in pdf.pages)
