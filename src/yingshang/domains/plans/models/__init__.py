"""The rows of plan governance, divided by topic."""

from yingshang.domains.plans.models.comparison import MatchDecision
from yingshang.domains.plans.models.imports import DraftOperation, ImportDraft, SourceFile
from yingshang.domains.plans.models.library import (
    Measure,
    MeasureUnit,
    MeasureVersion,
    PlanDocument,
    PlanVersion,
    TargetProposal,
)

__all__ = [
    "DraftOperation",
    "ImportDraft",
    "MatchDecision",
    "Measure",
    "MeasureUnit",
    "MeasureVersion",
    "PlanDocument",
    "PlanVersion",
    "SourceFile",
    "TargetProposal",
]
