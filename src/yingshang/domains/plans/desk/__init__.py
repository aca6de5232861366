"""The desk's pages: the measure library, and the work that follows from it."""

from yingshang.domains.plans.desk import (
    comparison,
    drafts,
    editing,
    imports,
    library,
    publication,
    targets,
    units,
    work_meetings,
    work_overview,
    work_sheets,
    work_split,
    work_supervision,
    work_task,
    work_tasks,
)

__all__ = [
    "comparison",
    "drafts",
    "editing",
    "imports",
    "library",
    "publication",
    "targets",
    "units",
    "work_meetings",
    "work_overview",
    "work_sheets",
    "work_split",
    "work_supervision",
    "work_task",
    "work_tasks",
]
