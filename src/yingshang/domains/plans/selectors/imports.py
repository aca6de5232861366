"""Drafts under review, and everything that the review page shows beside each other."""

from dataclasses import dataclass

from django.db.models import QuerySet

from yingshang.domains.plans.actions.imports import differences_for, meanings_for
from yingshang.domains.plans.differences import Difference, count_changes
from yingshang.domains.plans.drafting.checks import Remark, check
from yingshang.domains.plans.drafting.state import DraftMeasure, DraftState, DraftTarget
from yingshang.domains.plans.errors import DraftMissing
from yingshang.domains.plans.models import ImportDraft, MeasureVersion
from yingshang.domains.plans.models.imports import DraftStatus
from yingshang.domains.plans.permissions import IMPORT
from yingshang.domains.plans.resolution import Meaning
from yingshang.parties.actors import Actor


def list_drafts_for(actor: Actor) -> QuerySet[ImportDraft]:
    """Return all drafts, the newest first, without their parsed content."""
    actor.require(IMPORT)
    return ImportDraft.objects.select_related("source", "document", "version").defer(
        "parsed", "source__content"
    )


def get_draft_for(actor: Actor, ref: str) -> ImportDraft:
    """Return one draft; raises :class:`DraftMissing`."""
    actor.require(IMPORT)
    draft = (
        ImportDraft.objects.select_related("source", "document__current", "version__document")
        .defer("source__content", "parsed", "document__current__content", "version__content")
        .filter(ref=ref)
        .first()
    )
    if draft is None:
        raise DraftMissing
    return draft


@dataclass(frozen=True)
class ReviewedMeasure:
    """A measure of the draft with what it continues and whom its units mean."""

    value: DraftMeasure
    difference: Difference | None
    former: MeasureVersion | None
    units: list[Meaning]


@dataclass(frozen=True)
class Review:
    """A draft with all that follows from it."""

    draft: ImportDraft
    state: DraftState
    measures: list[ReviewedMeasure]
    dropped: list[MeasureVersion]
    changes: dict[str, int]
    remarks: list[Remark]
    meanings: dict[str, Meaning]

    @property
    def unresolved(self) -> list[Meaning]:
        """Return the names that mean no organ yet."""
        return [meaning for meaning in self.meanings.values() if not meaning.is_known]

    @property
    def unsure_count(self) -> int:
        """Return how many measures have a doubtful field."""
        return sum(1 for measure in self.state["measures"] if measure["unsure"])

    @property
    def target_count(self) -> int:
        """Return how many figures wait for a decision; none in a closed draft."""
        return sum(target["status"] == "proposed" for target in self._targets) * self.is_open

    @property
    def all_targets(self) -> int:
        """Return how many figures the draft has."""
        return len(self._targets)

    @property
    def _targets(self) -> list[DraftTarget]:
        return [target for measure in self.state["measures"] for target in measure["targets"]]

    @property
    def is_blocked(self) -> bool:
        """Tell whether something must be corrected before it can be confirmed."""
        return any(remark.blocking for remark in self.remarks)

    @property
    def has_number_remarks(self) -> bool:
        """Tell whether the numbers are missing, repeated or out of order."""
        return any(remark.code.startswith("number_") for remark in self.remarks)

    @property
    def is_open(self) -> bool:
        """Tell whether the draft can still be edited."""
        return self.draft.status == DraftStatus.OPEN


def review_of(draft: ImportDraft) -> Review:
    """Return the review of a draft that the caller got by :func:`get_draft_for`.

    A closed draft is compared with nothing: the version that it became, or later ones, would be
    shown as if it still had to follow them.
    """
    state: DraftState = draft.state
    meanings = meanings_for(draft)
    follows = draft.document_id is not None and draft.status == DraftStatus.OPEN
    differences = differences_for(draft) if follows else []
    by_draft = {d.draft_id: d for d in differences if d.draft_id}
    former = _former_wordings(draft) if follows else {}
    measures = [
        ReviewedMeasure(
            value,
            found := by_draft.get(value["id"]),
            former.get(found.former_ref) if found and found.former_ref else None,
            [meanings[unit["name"]] for unit in value["units"]],
        )
        for value in state["measures"]
    ]
    unresolved = [name for name, meaning in meanings.items() if not meaning.is_known]
    return Review(
        draft,
        state,
        measures,
        [former[d.former_ref] for d in differences if d.change == "dropped" and d.former_ref],
        count_changes(differences),
        check(state, division=draft.division, unresolved=unresolved),
        meanings,
    )


def _former_wordings(draft: ImportDraft) -> dict[str, MeasureVersion]:
    if draft.document is None or draft.document.current is None:
        return {}
    wordings = draft.document.current.measures.select_related("measure")
    return {wording.measure.ref: wording for wording in wordings}
