"""Short references for addresses and conversation: never a row number, easy to read out."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: no i, l, o, u."""


def new_ref(length: int = 12) -> str:
    """Return a random reference of ``length`` characters (5 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


_LETTERS = bytes(ord(ALPHABET[number % 32]) for number in range(256))


def new_refs(count: int, length: int = 12) -> list[str]:
    """Return many references as :func:`new_ref` would, some hundred times as fast."""
    drawn = secrets.token_bytes(count * length).translate(_LETTERS).decode("ascii")
    return [drawn[start : start + length] for start in range(0, count * length, length)]
