"""From a measure to its tasks, as pure rules: who is charged, by when, with which sub-actions, how far.

Nothing here knows rows or cases; ``plans.actions`` asks these rules and writes what they say.
"""
