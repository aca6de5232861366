"""Services that outside bodies take part in: asking them, taking their answers, showing how each stands."""
