"""What bundles and the cases of bundles are called."""

BUNDLE = "bundle"
"""The kind of content, and the field of the whole matter's case: ``<key>@<number of the version>``."""

BEGIN, STEP_ENDED, NOT_BEGUN = "begin", "step_ended", "record_not_begun"
COMPLETE, COMPLETE_PARTLY, END_WITHOUT = "complete", "complete_partly", "end_without"
"""What the procedure of a whole matter calls its actions; the system does all of them."""

ACTIONS = (BEGIN, STEP_ENDED, NOT_BEGUN, COMPLETE, COMPLETE_PARTLY, END_WITHOUT)
OPENED_WITH = frozenset({BUNDLE, "submission"})
