"""Made-up enterprises with plausible facts, by seed: for demonstrations, tests and measurements.

Size, industry, revenue, staff, tax, research and trouble hang together as they do in a district; what
a source does not cover, or a small firm does not report, is missing. Nobody real is in it: the city
does not exist and no code was ever given out. The same seed makes the same district on every machine
with the same numpy.
"""

from yingshang.facts.generating.district import generate

__all__ = ["generate"]
