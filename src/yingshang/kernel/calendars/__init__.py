"""The State Council's holiday notices as data: one file a year, and the festivals still to come.

A file names the notice (number and gazette page, where they are known), the days off as ranges and
the weekend days that are worked. ``festivals.json`` carries the dates of the four festivals that
follow the moon or the sun; with the holiday regulation they give the provisional rest days of the
years whose notice has not appeared.
"""
