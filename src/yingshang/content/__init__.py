"""Content (内容包): what the platform's definitions are, as versioned data in packs.

Reads, checks and stores packs of YAML declarations and runs their rehearsals. Knows kinds of content,
actions and views only through the registries; it has no word of any domain.
"""
