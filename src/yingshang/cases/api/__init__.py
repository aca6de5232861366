"""Cases as programs handle them, with the registers of powers and cards."""

from yingshang.cases.api import handling, registers  # noqa: F401
