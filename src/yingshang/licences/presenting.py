"""Rows and values as the pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from yingshang.content.selectors import declaration_of
from yingshang.licences.declaring import DocumentField, DocumentTemplate, LicenceKind
from yingshang.licences.labels import (
    SERVING_TONES,
    TONES,
    kind_labels,
    label_of,
    state_label,
)
from yingshang.licences.models import (
    Decision,
    Licence,
    LicenceCopy,
    LicenceVersion,
    Rendition,
    RenditionState,
    Serving,
)
from yingshang.licences.papers import shown_value
from yingshang.licences.renditions import find_rendition
from yingshang.licences.verifying import state_of_copy


@dataclass(frozen=True)
class LicenceRow:
    """A line of a list of licences."""

    licence: Licence
    kind: str
    tone: str


@dataclass(frozen=True)
class CopyRow:
    """A line of the list of copies; ``state`` is what verification would say."""

    copy: LicenceCopy
    kind: str
    state: str
    tone: str
    is_ready: bool
    is_open: bool


@dataclass(frozen=True)
class ServingRow:
    """A line of a list of services."""

    serving: Serving
    state: str
    tone: str
    waits_for_confirmation: bool


@dataclass(frozen=True)
class FileShown:
    """How far a file is; ``why`` is the reason of a failure."""

    is_ready: bool
    has_failed: bool
    why: str = ""
    size_kb: int = 0
    seal: str = ""
    rendition: Rendition | None = None


def licence_rows(licences: Sequence[Licence]) -> list[LicenceRow]:
    """Return the lines of a list of licences."""
    labels = kind_labels()
    return [LicenceRow(one, labels.get(one.kind, one.kind), TONES[one.state]) for one in licences]


def copy_rows(copies: Sequence[LicenceCopy]) -> list[CopyRow]:
    """Return the lines of a list of copies."""
    labels = kind_labels()
    ready = _ready([copy.holder for copy in copies])
    return [_copy_row(copy, labels, ready) for copy in copies]


def _copy_row(copy: LicenceCopy, labels: dict[str, str], ready: set[str]) -> CopyRow:
    licence = copy.version.licence
    state = state_of_copy(copy)
    return CopyRow(
        copy=copy,
        kind=labels.get(licence.kind, licence.kind),
        state=state_label(state),
        tone=TONES[state],
        is_ready=copy.holder in ready,
        is_open=copy.withdrawn_at is None,
    )


def _ready(documents: Iterable[str]) -> set[str]:
    done = Rendition.objects.filter(document__in=list(documents), state=RenditionState.DONE)
    return set(done.values_list("document", flat=True))


def serving_rows(servings: Sequence[Serving]) -> list[ServingRow]:
    """Return the lines of a list of services."""
    return [
        ServingRow(
            serving=one,
            state=str(one.get_state_display()),
            tone=SERVING_TONES[one.state],
            waits_for_confirmation=one.confirmed_at is None and one.state != "failed",
        )
        for one in servings
    ]


def values_of(version: LicenceVersion) -> list[tuple[str, str]]:
    """Return the labels and values of a licence's version, in the order of its kind."""
    kind = declaration_of(version.kind)
    assert isinstance(kind, LicenceKind)
    return values_shown(kind.fields, version.record["fields"])


def decision_values(decision: Decision) -> list[tuple[str, str]]:
    """Return the labels and values of a decision."""
    template = declaration_of(decision.template)
    assert isinstance(template, DocumentTemplate)
    return values_shown(template.fields, decision.record["fields"])


def values_shown(
    fields: Iterable[DocumentField], values: dict[str, object]
) -> list[tuple[str, str]]:
    """Return labels in the reader's language with the values that are there."""
    english = (get_language() or "").startswith("en")
    return [
        (field.label_en if english else field.label, shown_value(field, values[field.key]))
        for field in fields
        if field.key in values
    ]


def file_of(document: str) -> FileShown:
    """Return how far a document's file is."""
    rendition = find_rendition(document)
    if rendition is None or rendition.state == RenditionState.WAITING:
        return FileShown(False, False, rendition=rendition)
    if rendition.state == RenditionState.FAILED:
        return FileShown(False, True, why=rendition.error, rendition=rendition)
    return FileShown(
        True,
        False,
        size_kb=-(-rendition.size // 1024),
        seal=rendition.seal.name if rendition.seal else "",
        rendition=rendition,
    )


def decision_rows(decisions: Sequence[Decision]) -> list[tuple[Decision, str]]:
    """Return decisions with the names of their templates."""
    return [(one, label_of(one.template)) for one in decisions]
