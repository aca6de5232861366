"""The officials' pages of the funds."""

from yingshang.domains.funds.desk import (
    accounts,
    budgets,
    home,
    payments,
    settlements,
    vouchers,
)

__all__ = ["accounts", "budgets", "home", "payments", "settlements", "vouchers"]
