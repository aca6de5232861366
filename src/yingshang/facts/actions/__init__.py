"""What may be done with facts; importing this registers every action."""

from yingshang.facts.actions import (
    claims,
    evaluations,
    loading,
    quality,
    reading,
    recording,
    uploads,
)

__all__ = ["claims", "evaluations", "loading", "quality", "reading", "recording", "uploads"]
