"""Repairs that need knowledge of one document, bound to the SHA-256 of its bytes."""
