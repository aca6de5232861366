"""Administration (平台管理): the pages on which organs, accounts, mandates and jobs are looked after.

The rules and actions lie in ``parties`` and ``jobs``; this domain gives them faces, and makes the
demonstration's people and enterprises.
"""
