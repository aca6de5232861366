"""营商 Yingshang: the platform on which a Chinese district runs its business environment.

Layers import downwards only; ``pyproject.toml`` states them and ``make check`` and a test hold them.
"""

__version__ = "0.1.0"
