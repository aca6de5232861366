"""The import under review, as pure data: what was read, the corrections in order, what follows.

A draft is the parsed document plus a list of operations; its present state is always the fold of
the two, so that every correction can be seen, undone and explained, and nothing is lost.
"""
