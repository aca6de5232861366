"""Registers the kinds of content that make up what can be claimed."""

from yingshang.domains.claims.items.declaring import ClaimItem, ExpertField
from yingshang.domains.claims.items.linting import lint_item
from yingshang.domains.claims.items.names import FIELD, ITEM
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add(FIELD, Kind(FIELD, "expert_fields", ExpertField))
KINDS.add(ITEM, Kind(ITEM, "claim_items", ClaimItem, lint_item))
