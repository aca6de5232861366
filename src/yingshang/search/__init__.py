"""Search (检索): one index over what packages hand in, exact for Chinese by character bigrams."""
