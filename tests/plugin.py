"""Runs before pytest-django reads the settings; the database is chosen here and nowhere later."""
