"""One reader per format; each turns bytes into the same neutral blocks."""

from yingshang.domains.plans.parsing.readers.detection import read_source

__all__ = ["read_source"]
