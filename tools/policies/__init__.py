"""Writes the made-up district's policies, by seed: texts by clause, rules, items to claim.

``python -m tools.policies`` writes the pack ``content/demo-policies``; the same seed gives the same bytes.
Kinds of support are those that districts have; every text, number and sum is made up.
"""
