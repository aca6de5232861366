"""What other domains may ask of check-ups, and what they offer on them."""

from yingshang.domains.checkups.checking import Report, check_up
from yingshang.domains.checkups.findings import ENTITLED, NEARLY, NO, STATES, UNKNOWN, Finding
from yingshang.domains.checkups.offers import CLAIM_OFFERS, HAND_INS, Offer

__all__ = [
    "CLAIM_OFFERS",
    "ENTITLED",
    "HAND_INS",
    "NEARLY",
    "NO",
    "STATES",
    "UNKNOWN",
    "Finding",
    "Offer",
    "Report",
    "check_up",
]
