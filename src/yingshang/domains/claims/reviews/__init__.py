"""Scored review (评审): experts are drawn in the open, score alone, and the claims are ranked."""
