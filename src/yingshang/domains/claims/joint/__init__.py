"""One form for several items (一表申报): derived from rules and items, filled once, a case for each item."""
