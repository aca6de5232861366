"""Short references for addresses and conversation: never a row number, easy to read out."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: no i, l, o, u."""


def new_ref(length: int = 12) -> str:
    """Return a random reference of ``length`` characters (5 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
