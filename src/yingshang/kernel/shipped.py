"""Where the content that comes with the platform lies: in a checkout, or in the installed package."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def shipped_content() -> Path:
    """Return the folder of packs: ``content`` of the checkout, else what the package was built with."""
    built = _PACKAGE / "shipped"
    return built if built.is_dir() else _PACKAGE.parent.parent / "content"
