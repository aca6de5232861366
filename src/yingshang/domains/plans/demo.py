"""The demonstration's plans: three sample papers imported, reviewed, confirmed and published.

Everything goes through the same actions that the plan office uses; one draft is left open, so that
the review can be seen.
"""

from typing import Any

from django.conf import settings

from yingshang.domains.plans import work_demo  # noqa: F401 (registers its own builder)
from yingshang.domains.plans.actions.imports import confirm_import, edit_draft, start_import
from yingshang.domains.plans.actions.publication import publish_plan
from yingshang.domains.plans.models import (
    ImportDraft,
    Measure,
    PlanDocument,
    PlanVersion,
    TargetProposal,
)
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.web.examples import example

FOLDER = settings.CONTENT_DIRS[0] / "demo-district" / "plans"


@demo_builder("plans.library", order=30)
def build_library() -> None:
    """Import the sample plans of the made-up district, confirm and publish them."""
    officer = demo_actor("plan")
    for name in ("qingjiang-2025.txt", "qingjiang-2026.txt", "qingjiang-2026-2030.txt"):
        draft = _start(officer, name)
        _confirm_first_figures(officer, draft)
        result = confirm_import(officer, draft=draft)
        publish_plan(officer, document=result.document)
    plan = PlanDocument.objects.get(year=2026, current__measures__number=50)
    draft = _start(officer, "qingjiang-2026.xlsx", document=plan.ref)
    edit_draft(
        officer,
        draft=draft,
        operation="correct_measure",
        parameters={"id": "m2", "due": "2026-09-30", "due_text": "9月底前"},
    )


def _start(officer: Actor, name: str, *, document: str = "") -> str:
    content = (FOLDER / name).read_bytes()
    return start_import(officer, filename=name, content=content, document=document)


def _confirm_first_figures(officer: Actor, ref: str) -> None:
    """Confirm the figures of the first twelve measures; the others wait, as in real life."""
    state = ImportDraft.objects.get(ref=ref).state
    for measure in state["measures"][:12]:
        for target in measure["targets"]:
            parameters = {"id": measure["id"], "target": target["id"], "status": "confirmed"}
            edit_draft(officer, draft=ref, operation="decide_target", parameters=parameters)


def _plan() -> PlanDocument:
    return PlanDocument.objects.exclude(current=None).order_by("pk")[0]


def _measure() -> Measure:
    return Measure.objects.filter(document=_plan(), dropped_in=None).order_by("pk")[0]


def _draft() -> ImportDraft:
    return ImportDraft.objects.filter(status="open").order_by("pk")[0]


def _draft_measure() -> dict[str, Any]:
    return {"ref": _draft().ref, "ident": "m1"}


def _target() -> dict[str, Any]:
    target = TargetProposal.objects.filter(wording__version__current_of__isnull=False)[0]
    return {"ref": target.wording.measure.ref, "target": target.ref}


def _source() -> dict[str, Any]:
    version = PlanVersion.objects.exclude(source=None).order_by("pk")[0]
    return {"ref": version.document.ref, "sequence": version.sequence}


for _name in ("plan", "plan-unpublish", "plan-revise", "plan-publish"):
    example(f"desk:{_name}", lambda: {"ref": _plan().ref}, visitor="plan")
for _name in ("plan-draft", "draft-document", "draft-units", "draft-add", "draft-discard"):
    example(f"desk:{_name}", lambda: {"ref": _draft().ref}, visitor="plan")
example("desk:draft-confirm", lambda: {"ref": _draft().ref}, visitor="plan")
example("desk:draft-measure", _draft_measure, visitor="plan")
example("desk:draft-target", lambda: {**_draft_measure(), "target": "new"}, visitor="plan")
example("desk:measure", lambda: {"ref": _measure().ref}, visitor="plan")
example("desk:target", _target, visitor="plan")
example("desk:plan-export", lambda: {"ref": _plan().ref, "ending": "json"}, visitor="plan")
example("desk:plan-source", _source, visitor="plan")
example("desk:plan-unit", dict, query="?name=区财政局", visitor="plan")
example("desk:plan-unit-forget", dict, query="?name=经信局", visitor="plan")
example("portal:search", dict, query="?q=企业")
example("desk:search", dict, query="?q=企业", visitor="plan")
example("portal:plan", lambda: {"ref": _plan().ref})
example("portal:measure", lambda: {"ref": _measure().ref})
