"""What the kinds of this package are called."""

ITEM = "claim_item"
FIELD = "expert_field"
