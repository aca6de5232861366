"""Simulated outside bodies: late, repeating, refusing, down, losing answers, as somebody chooses.

They keep what they were told in tables of their own, know nothing of ours, and answer through the same
signed callback as a real body.
"""
