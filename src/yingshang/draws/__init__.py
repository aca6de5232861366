"""Draws by lot (抽签): a pool committed to the ledger before the seed exists, a result for all to redo.

For whatever is chosen by chance: tasks to be supervised, inspectors, experts, administrators. Knows
members and actors only as opaque references.
"""
