"""Named views of the work on plans, for rehearsals: what the pages show, as plain JSON."""
