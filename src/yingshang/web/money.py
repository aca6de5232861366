"""Amounts are whole fen inside; people read yuan."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from yingshang.web.dates import DASH

CENT = Decimal("0.01")


def yuan(fen: int | None) -> str:
    """Return ``1,234.56 元``; a dash for none."""
    if fen is None:
        return DASH
    return _("%(amount)s 元") % {"amount": f"{Decimal(fen) / 100:,.2f}"}


def ten_thousand_yuan(fen: int | None) -> str:
    """Return the amount in units of ten thousand yuan, rounded half up to two places."""
    if fen is None:
        return DASH
    amount = (Decimal(fen) / 1_000_000).quantize(CENT, ROUND_HALF_UP)
    return _("%(amount)s 万元") % {"amount": f"{amount:,}"}
