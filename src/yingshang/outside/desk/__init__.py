"""外部对接 on the desk: bodies, requests, what is stuck, differences, simulators."""

from yingshang.outside.desk import overview, resolving, simulating

__all__ = ["overview", "resolving", "simulating"]
