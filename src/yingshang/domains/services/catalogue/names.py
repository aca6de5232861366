"""What the kinds of content of the catalogue are called."""

ITEM, IMPLEMENTATION = "service_item", "service_implementation"
LIFE_EVENT, QUESTION = "life_event", "service_question"
BUNDLE = "bundle"

OPENED_WITH = frozenset({"service", "submission", "statutory_limit", "promised_limit"})
"""What every case of a service is opened with; its procedure declares these fields."""
POST_CHECK = "post_check"
"""What procedures by commitment call the clock within which it is checked that the commitment was kept."""
