"""Content (内容包): reads, checks and versions packs, and runs their rehearsals; knows kinds only through the registry."""
