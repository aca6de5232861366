"""Funds as programs read and keep them: statements, budgets, payments, and vouchers with their settlement."""

from yingshang.domains.funds.api import money, vouchers  # noqa: F401
