"""A line over some values, as points of a drawing 100 wide and 40 high."""

from collections.abc import Sequence

WIDTH, HEIGHT = 100, 40


def curve(values: Sequence[int]) -> str:
    """Return the points of a polyline: evenly from left to right, the largest value at the top."""
    most = max(values, default=0) or 1
    step = WIDTH / max(1, len(values) - 1)
    places = (
        f"{place * step:.2f},{HEIGHT - HEIGHT * value / most:.2f}"
        for place, value in enumerate(values)
    )
    return " ".join(places)
