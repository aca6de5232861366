"""What may be done to parties; importing this registers every action."""

from yingshang.parties.actions import accounts, aliases, mandates, organs, relations, subjects

__all__ = ["accounts", "aliases", "mandates", "organs", "relations", "subjects"]
