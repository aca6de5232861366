"""What may be done with facts; importing this registers every action."""

from yingshang.facts.actions import claims, evaluations, loading, quality, reading, recording

__all__ = ["claims", "evaluations", "loading", "quality", "reading", "recording"]
