"""Funds in words, in the reader's language."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingshang.domains.funds.declaring import Fund
from yingshang.domains.funds.models import Payment, PaymentState, ProposalState
from yingshang.domains.funds.register import list_funds

TONES = {
    PaymentState.ORDERED: "active",
    PaymentState.ACCEPTED: "active",
    PaymentState.PAID: "good",
    PaymentState.REFUSED: "bad",
    PaymentState.RETURNED: "bad",
}
PROPOSAL_TONES = {
    ProposalState.PROPOSED: "active",
    ProposalState.APPROVED: "good",
    ProposalState.REFUSED: "warn",
}


def local(chinese: str, english: str) -> str:
    """Return the text in the reader's language."""
    return english if get_language() == "en" and english else chinese


def fund_name(fund: Fund) -> str:
    """Return a fund's label."""
    return local(fund.label, fund.label_en)


def line_name(fund: Fund, key: str) -> str:
    """Return a budget line's label; its key where it is no longer declared."""
    found = fund.find_line(key)
    return local(found.label, found.label_en) if found else key


def funds_by_key() -> dict[str, Fund]:
    """Return every fund by its key."""
    return {one.key: one for one in list_funds()}


def tail_of(payment: Payment) -> str:
    """Return the last four digits of the payee's account."""
    return payment.payee_account[-4:]


def origin_name(origin: str) -> str:
    """Return what sort of thing money is for, of an origin ``<sort>:<ref>``."""
    names = {
        "claim": _("政策兑现"),
        "fund": _("资金预算"),
        "voucher": _("双创券"),
        "redemption": _("双创券用券"),
        "settlement": _("双创券结算"),
    }
    return names.get(origin.partition(":")[0], _("其他事项"))
