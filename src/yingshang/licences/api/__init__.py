"""Licences, documents and seals as programs read, use and keep them."""

from yingshang.licences.api import keeping, reading  # noqa: F401
