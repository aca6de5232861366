"""Periodic work of the vouchers."""

from yingshang.parties.actors import system_actor


def expire_round() -> None:
    """End the vouchers whose last day is over."""
    from yingshang.domains.funds.vouchers.actions import expire_vouchers
    from yingshang.domains.funds.vouchers.permissions import EXPIRE

    expire_vouchers(system_actor("funds-expire-vouchers", EXPIRE))
