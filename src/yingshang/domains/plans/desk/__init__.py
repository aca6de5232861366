"""The desk's pages of the measure library."""

from yingshang.domains.plans.desk import (
    comparison,
    drafts,
    editing,
    imports,
    library,
    publication,
    targets,
    units,
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
]
