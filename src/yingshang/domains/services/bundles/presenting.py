"""What pages show of bundles and matters."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.presenting import Row, row_of
from yingshang.cases.relations import sees
from yingshang.domains.services.asking.presenting import waits_of
from yingshang.domains.services.bundles.burden import Compared
from yingshang.domains.services.bundles.declaring import BundleStep
from yingshang.domains.services.bundles.reading import Matter, Standing, standings_of
from yingshang.domains.services.bundles.running import said_of
from yingshang.domains.services.catalogue.presenting import ServiceLine, line_of, local
from yingshang.parties.actors import Actor

STATES = {
    "ready": _("待启动"),
    "waiting": _("待启动"),
    "running": _("办理中"),
    "done": _("已办成"),
    "failed": _("未办成"),
    "not_begun": _("未启动"),
}
TONES = {"running": "progress", "done": "good", "failed": "bad", "not_begun": "bad"}


@dataclass(frozen=True)
class StepShown:
    """One step on the page of a matter; ``row`` only for whom its own case is open."""

    standing: Standing
    name: str
    organ: str
    state: str
    tone: str
    said: str
    row: Row | None
    readable: bool


def steps_shown(actor: Actor, parent: Case) -> list[StepShown]:
    """Return every step of a matter with its state and light, and what outside bodies are waited for."""
    found = standings_of(parent)
    waits = waits_of(one.case for one in found if one.state == "running" and one.case is not None)
    return [_step(actor, one, waits) for one in found]


def _step(actor: Actor, one: Standing, waits: Mapping[str, str]) -> StepShown:
    line = line_of(one.service)
    state, tone = str(STATES[one.state]), TONES.get(one.state, "waiting")
    row = row_of(one.case) if one.case is not None else None
    said = "" if one.case is not None or one.state == "ready" else said_of(one)
    if one.case is not None:
        said = waits.get(one.case.ref, "")
    readable = one.case is not None and sees(actor, one.case)
    return StepShown(one, line.name, line.organ, state, tone, said, row, readable)


def matter_lines(parent: Case) -> list[str]:
    """Return how each step ended, as the matter's own event says."""
    return str(parent.data.get("ended", "")).splitlines()


@dataclass(frozen=True)
class StepOffered:
    """One step of a bundle in its guide: the service, what it waits for, who needs it."""

    step: BundleStep
    line: ServiceLine
    after: str
    reason: str


def steps_offered(matter: Matter) -> list[StepOffered]:
    """Return the steps that are handled here, in order."""
    names = {key: local(one.item, "name") for key, one in matter.services.items()}
    return [
        StepOffered(
            step,
            line_of(matter.services[step.item]),
            "、".join(names[one] for one in step.after if one in names),
            local(step, "reason"),
        )
        for step in matter.steps
        if step.item in matter.services
    ]


def burden_rows(compared: Compared) -> list[tuple[str, int, int]]:
    """Return each figure of a comparison: what it is, before, after."""
    before, after = compared.before, compared.after
    return [
        (gettext("填写的表单"), compared.forms_before, 1),
        (gettext("要填的内容（项）"), before.filling.asked, after.filling.asked),
        (gettext("自动填好的内容（项）"), before.filling.prefilled, after.filling.prefilled),
        (gettext("要提交的材料（份）"), before.filling.uploads, after.filling.uploads),
        (gettext("到现场或者接受上门（次）"), before.visits, after.visits),
        (gettext("最长办理时间（工作日）"), before.days, after.days),
    ]
