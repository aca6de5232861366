"""The officials' pages of the funds."""

from yingshang.domains.funds.desk import (
    accounts,
    budgets,
    payments,
    settlements,
    vouchers,
)

__all__ = ["accounts", "budgets", "payments", "settlements", "vouchers"]
