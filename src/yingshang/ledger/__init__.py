"""The ledger (存证账本): what happened, provably. Every action leaves an event; every event is a leaf.

Knows actors and subjects only as opaque references.
"""
