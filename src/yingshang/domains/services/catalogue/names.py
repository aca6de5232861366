"""What the kinds of content of the catalogue are called."""

ITEM, IMPLEMENTATION = "service_item", "service_implementation"
LIFE_EVENT, QUESTION = "life_event", "service_question"
BUNDLE = "bundle"
