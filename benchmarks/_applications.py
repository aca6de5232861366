"""Applications handed in one after another with all that belongs to each, and files set and sealed.

``services.apply`` freezes the filled form with its digest, opens the case, writes event and ledger
record, decides at once where the rules allow and posts what outside bodies are asked. Filling the
forms beforehand (draft, answers, two uploaded files, a reason for a third) is timed apart.
"""

import time
from typing import Any

APPLICATIONS, FILES_MADE = 100, 40
SERVICE = "qj-food-business-licence"
ANSWERS: dict[str, Any] = {
    "phone": "0570-8601234",
    "sort": "canteen",
    "items": ["hot", "cold"],
    "same_place": "yes",
    "area": "120",
    "online": "no",
    "invested": "120000",
    "practitioners": [
        {"person": {"name": "王芳"}, "post": "safety", "training": "SP2026018"},
        {"person": {"name": "李想"}, "post": "kitchen", "certified_on": "2026-03-02"},
    ],
    "by_commitment": "no",
}
FILES = ("health-certificates", "kitchen-layout")
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def build_demonstration() -> None:
    """Load the made-up district with everybody in it into the present, migrated database."""
    from django.urls import get_resolver

    from yingshang.cli.demonstration import build

    assert get_resolver().url_patterns  # pages register themselves when the address table is made
    print(f"built {len(list(build()))} parts of the demonstration")


def submit(count: int = APPLICATIONS) -> None:
    """Fill and hand in so many applications; print how many a second."""
    from yingshang.cases.models import CaseEvent
    from yingshang.domains.services.applying.actions import apply
    from yingshang.ledger.models import Entry
    from yingshang.parties.demo import demo_actor

    actor = demo_actor("legal")
    began = time.perf_counter()
    drafts = [_filled(actor) for _turn in range(count)]
    filling = time.perf_counter() - began
    entries = Entry.objects.count()
    began, used = time.perf_counter(), time.thread_time()
    cases = [apply(actor, draft=draft) for draft in drafts]
    seconds, used = time.perf_counter() - began, time.thread_time() - used
    events = CaseEvent.objects.filter(case__in=cases).count()
    assert len({case.ref for case in cases}) == count
    print(
        f"submitted {count / seconds:.0f} applications a second one after another"
        f" ({1000 * used / count:.0f} ms of processor time each; {events / count:.1f} events and"
        f" {(Entry.objects.count() - entries) / count:.1f} ledger records each);"
        f" filled {count / filling:.0f} forms a second"
    )


def set_and_seal(count: int = FILES_MADE) -> None:
    """Set and seal files of the demonstration's licences; print how many a second in this process."""
    from yingshang.licences.models import Rendition
    from yingshang.licences.renditions import make

    found = list(Rendition.objects.filter(document__startswith="licence").order_by("pk")[:5])
    for one in found:
        make(one)  # typst, the fonts and the pictures of the seals are loaded once in a process
    began, used = time.perf_counter(), time.process_time()
    for number in range(count):
        make(found[number % len(found)])
    seconds, used = time.perf_counter() - began, time.process_time() - used
    print(
        f"set and sealed {count / seconds:.0f} files a second"
        f" ({1000 * used / count:.0f} ms of processor time each)"
    )


def _filled(actor: Any) -> str:
    from yingshang.documents.actions import upload
    from yingshang.domains.services.applying.actions import start_application
    from yingshang.forms.drafts import save_draft
    from yingshang.forms.space import choose_material

    draft = start_application(actor, service=SERVICE)
    answers = {**ANSWERS, "head": {"name": actor.name}}
    save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)
    for key in FILES:
        file = upload(actor, name=f"{key}.pdf", content=PAPER)
        choose_material(actor, draft=draft.ref, material=key, files=(file.ref,))
    later = "正在制定，开业前补交"
    choose_material(actor, draft=draft.ref, material="food-safety-system", reason=later)
    return str(draft.ref)
