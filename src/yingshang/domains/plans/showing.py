"""Tasks, lights and evidence as pages, documents and exports show them: words, links and days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.selectors import light_of
from yingshang.documents.models import Attachment
from yingshang.documents.selectors import list_attachments
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.selectors.tasks import BUCKETS, progress_of_task
from yingshang.domains.plans.tasking.progress import Progress
from yingshang.kernel.times import today
from yingshang.kernel.workdays import workdays_between

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Bucket:
    """How tasks stand: the word for it, the colour of its light, and the tone of a figure."""

    key: str
    word: "_StrOrPromise"
    light: str
    tone: str = ""

    @property
    def fill(self) -> str:
        """Return the fill of its share on a bar."""
        return "done" if self.key == "done" else self.light


BUCKET_WORDS: Mapping[str, Bucket] = {
    "overdue": Bucket("overdue", _("逾期"), "red", "bad"),
    "red": Bucket("red", _("即将到期"), "red", "bad"),
    "yellow": Bucket("yellow", _("临期"), "yellow", "warn"),
    "green": Bucket("green", _("正常"), "green", "good"),
    "idle": Bucket("idle", _("未计时"), "grey", "idle"),
    "done": Bucket("done", _("已完成"), "green", ""),
}


def buckets() -> list[Bucket]:
    """Return the ways in which tasks stand, the most urgent first."""
    return [BUCKET_WORDS[name] for name in BUCKETS]


def bucket_of(case: Case, day: date | None = None) -> Bucket:
    """Return how one case stands."""
    if case.closed_at is not None:
        return BUCKET_WORDS["done"]
    light = light_of(case, day)
    return BUCKET_WORDS[light if light in BUCKET_WORDS else "idle"]


def case_href(ref: str) -> str:
    """Return the address of a case's page on the desk."""
    return reverse("desk:case", args=[ref])


def tasks_href(**filters: Any) -> str:
    """Return the address of the list of tasks, narrowed."""
    given = {name: value for name, value in filters.items() if value}
    return f"{reverse('desk:tasks')}?{urlencode(given)}"


def state_label(case: Case) -> str:
    """Return the label of a case's state in the language of the page."""
    return label_of(procedure_of(case.version).state_by_key[case.state])


def label_of(part: Any) -> str:
    """Return the label of a part of a procedure in the language of the page."""
    return str(part.label if (get_language() or "zh").startswith("zh") else part.label_en)


@dataclass
class ShownTask:
    """One task with all that a list shows of it."""

    task: Task

    @property
    def case(self) -> Case:
        """Return the task's case."""
        return self.task.case

    @cached_property
    def bucket(self) -> Bucket:
        """Return how it stands."""
        return bucket_of(self.case)

    @cached_property
    def progress(self) -> Progress:
        """Return how far it is."""
        return progress_of_task(self.task)

    @property
    def href(self) -> str:
        """Return the address of its page."""
        return case_href(self.case.ref)

    @property
    def state(self) -> str:
        """Return the label of its state."""
        return state_label(self.case)

    @property
    def number(self) -> int | None:
        """Return the number of its measure in the current version, None for a meeting's task."""
        measure = self.task.measure
        return measure.current.number if measure and measure.current else None

    @property
    def source(self) -> str:
        """Return what it comes from: the plan's title or the meeting's."""
        if self.task.measure is not None:
            return self.task.measure.document.title
        return self.task.decision.meeting.title if self.task.decision else ""

    @cached_property
    def workdays(self) -> int | None:
        """Return the working days left to the nearest deadline, negative when it is past."""
        if self.case.due_on is None or self.case.closed_at is not None:
            return None
        return workdays_between(today(), self.case.due_on)

    @property
    def workdays_left(self) -> str:
        """Return the working days left in words, or nothing when it is done, late or has no clock."""
        if self.workdays is None or self.workdays < 0:
            return ""
        return _t("剩 %(n)s 个工作日") % {"n": self.workdays}

    @property
    def step_due_on(self) -> date | None:
        """Return the nearest deadline, which the light is about, where it is not the task's own."""
        if self.case.closed_at is not None or self.case.due_on == self.task.due_on:
            return None
        return self.case.due_on

    @property
    def is_moved_from(self) -> bool:
        """Tell whether its measure was dropped by a later version of the plan."""
        return bool(self.task.measure and self.task.measure.dropped_in_id)


def shown(tasks: Iterable[Task]) -> list[ShownTask]:
    """Return tasks as lists show them."""
    return [ShownTask(task) for task in tasks]


@dataclass(frozen=True)
class ShownEvidence:
    """What one event of a task handed in."""

    event: CaseEvent
    label: str
    text: str
    links: list[str]
    files: list[Attachment]
    sub_actions: str


def evidence_of(case: Case) -> list[ShownEvidence]:
    """Return what was reported on a case with its evidence, the newest first."""
    procedure = procedure_of(case.version)
    events = [
        event
        for event in case.events.select_related("actor_organ").order_by("-seq")
        if event.fields.get("evidence")
    ]
    files = list_attachments(
        ref for event in events for ref in event.fields["evidence"].get("files", ())
    )
    found = []
    for event in events:
        given = event.fields["evidence"]
        text = event.fields.get("progress") or event.fields.get("result") or ""
        action = procedure.action_by_key.get(event.action)
        found.append(
            ShownEvidence(
                event,
                label_of(action) if action else event.action,
                text,
                list(given.get("links", ())),
                [files[ref] for ref in given.get("files", ()) if ref in files],
                event.fields.get("sub_actions", ""),
            )
        )
    return found
