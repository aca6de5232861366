"""Amounts are whole fen inside; people read yuan."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingshang.web.dates import DASH

CENT = Decimal("0.01")


def yuan(fen: int | None) -> str:
    """Return ``1,234.56 元``; a dash for none."""
    if fen is None:
        return DASH
    return _("%(amount)s 元") % {"amount": f"{Decimal(fen) / 100:,.2f}"}


def ten_thousand_yuan(fen: int | None) -> str:
    """Return ``12.35 万元``, rounded half up; in a language that does not count so, whole yuan."""
    if fen is None:
        return DASH
    if not counts_by_ten_thousand():
        return _("%(amount)s 元") % {"amount": f"{_rounded(fen, 100, Decimal(1)):,}"}
    return _("%(amount)s 万元") % {"amount": f"{_rounded(fen, 1_000_000, CENT):,}"}


def counts_by_ten_thousand() -> bool:
    """Tell whether the reader's language counts large amounts by 万."""
    return (get_language() or "zh").startswith("zh")


def _rounded(fen: int, unit: int, place: Decimal) -> Decimal:
    return (Decimal(fen) / unit).quantize(place, ROUND_HALF_UP)


def figure_and_unit(fen: int | None) -> tuple[str, str]:
    """Return :func:`ten_thousand_yuan` as the number and the words beside it."""
    shown = ten_thousand_yuan(fen)
    found = re.search(r"-?[\d,.]+", shown)
    if found is None:
        return shown, ""
    return found[0], (shown[: found.start()] + shown[found.end() :]).strip()
