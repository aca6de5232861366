"""Reads of the measure library, access-checked."""
