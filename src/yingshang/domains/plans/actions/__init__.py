"""Every write of plan governance, one function per verb."""

from yingshang.domains.plans.actions import (
    comparison,
    imports,
    meetings,
    progress_sheets,
    publication,
    sub_actions,
    supervision,
    targets,
    tasks,
    units,
)

__all__ = [
    "comparison",
    "imports",
    "meetings",
    "progress_sheets",
    "publication",
    "sub_actions",
    "supervision",
    "targets",
    "tasks",
    "units",
]
