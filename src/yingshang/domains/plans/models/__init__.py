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
from yingshang.domains.plans.models.sheets import ProgressSheet
from yingshang.domains.plans.models.work import (
    Finding,
    Meeting,
    MeetingDecision,
    SubAction,
    SupervisedTask,
    SupervisionBatch,
    SupervisionVisit,
    Task,
)

__all__ = [
    "DraftOperation",
    "Finding",
    "ImportDraft",
    "MatchDecision",
    "Measure",
    "MeasureUnit",
    "MeasureVersion",
    "Meeting",
    "MeetingDecision",
    "PlanDocument",
    "PlanVersion",
    "ProgressSheet",
    "SourceFile",
    "SubAction",
    "SupervisedTask",
    "SupervisionBatch",
    "SupervisionVisit",
    "TargetProposal",
    "Task",
]
