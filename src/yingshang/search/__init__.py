"""Search (检索): one index over what packages hand in, exact for Chinese by character bigrams.

Packages register their kinds with ``search_kind``, call ``index`` and ``remove`` inside the actions
that change things, and the faces ask ``search_for``. What an actor may not find is never counted,
ranked or suggested.
"""
