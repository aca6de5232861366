"""Vouchers in words, in the reader's language."""

from yingshang.domains.funds.presenting import local
from yingshang.domains.funds.vouchers.declaring import VoucherScheme
from yingshang.domains.funds.vouchers.issuing import list_schemes
from yingshang.domains.funds.vouchers.models import SettlementState, VoucherState
from yingshang.facts.catalogue import current_catalogue

VOUCHER_TONES = {
    VoucherState.ISSUED: "good",
    VoucherState.USED: "idle",
    VoucherState.EXPIRED: "warn",
    VoucherState.CANCELLED: "bad",
}
SETTLEMENT_TONES = {
    SettlementState.DRAWN: "active",
    SettlementState.CONFIRMED: "active",
    SettlementState.PAYING: "active",
    SettlementState.PAID: "good",
}


def region_name(division: str) -> str:
    """Return what a division is called; its code where it is unknown."""
    found = current_catalogue().code("division", division)
    return local(found.label, found.label_en) if found else division


def scopes_of(scheme: VoucherScheme) -> list[tuple[str, str]]:
    """Return the services of a scheme with their labels."""
    found = current_catalogue().codes.get(scheme.scope)
    return [(one.code, local(one.label, one.label_en)) for one in found.codes] if found else []


def scheme_names() -> dict[str, str]:
    """Return every scheme's label by its key."""
    return {one.key: local(one.label, one.label_en) for one in list_schemes()}


def scope_names() -> dict[tuple[str, str], str]:
    """Return the label of every service by scheme and code."""
    return {
        (scheme.key, code): label for scheme in list_schemes() for code, label in scopes_of(scheme)
    }
