"""What bundles and the cases of bundles are called."""

from yingshang.domains.services.catalogue.names import BUNDLE

__all__ = [
    "ACTIONS",
    "BEGIN",
    "BUNDLE",
    "COMPLETE",
    "COMPLETE_PARTLY",
    "END_WITHOUT",
    "NOT_BEGUN",
    "OPENED_WITH",
    "STEP_ENDED",
]

BEGIN, STEP_ENDED, NOT_BEGUN = "begin", "step_ended", "record_not_begun"
COMPLETE, COMPLETE_PARTLY, END_WITHOUT = "complete", "complete_partly", "end_without"
"""What the procedure of a whole matter calls its actions; the system does all of them."""

ACTIONS = (BEGIN, STEP_ENDED, NOT_BEGUN, COMPLETE, COMPLETE_PARTLY, END_WITHOUT)
OPENED_WITH = frozenset({BUNDLE, "submission"})
