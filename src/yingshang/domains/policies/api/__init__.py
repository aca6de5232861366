"""Policies as programs read the library, follow a text in the making, answer hearings and clean-ups."""

from yingshang.domains.policies.api import cleaning, hearings, making, texts  # noqa: F401
