"""What everything else stands on: errors, actor references, registries, dates, identifiers, hashes.

Pure Python without Django and without a word of any domain.
"""
