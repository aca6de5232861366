"""Lists (名单): those entitled found by the platform, ranked, confirmed, announced and decided together."""
