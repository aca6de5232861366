"""A line over some values, as points of a drawing 100 wide and 40 high."""

from collections.abc import Sequence

WIDTH, HEIGHT = 100, 40


def curve(places: Sequence[float], values: Sequence[int]) -> str:
    """Return the points of a polyline: each at its place from left to right, the largest value on top."""
    most = max(values, default=0) or 1
    low, high = min(places, default=0), max(places, default=0)
    width = (high - low) or 1
    points = (
        f"{WIDTH * (place - low) / width:.2f},{HEIGHT - HEIGHT * value / most:.2f}"
        for place, value in zip(places, values, strict=True)
    )
    return " ".join(points)
