"""Public notices (公示): what a case makes known, for how long, and the objections that it meets."""
