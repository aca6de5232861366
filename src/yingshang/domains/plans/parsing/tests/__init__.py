"""Tests of the plan parser; the districts in them are made up."""
