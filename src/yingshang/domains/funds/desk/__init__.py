"""The officials' pages of the funds."""

from yingshang.domains.funds.desk import accounts, budgets, payments

__all__ = ["accounts", "budgets", "payments"]
