"""Plans as files that people take along and bring back: xlsx, CSV and JSON.

The export is the import format: what is exported and imported again changes nothing.
"""

from yingshang.domains.plans.exchange.files import (
    EXPORTS,
    Export,
    export_plan,
    is_export,
    read_export,
)

__all__ = ["EXPORTS", "Export", "export_plan", "is_export", "read_export"]
