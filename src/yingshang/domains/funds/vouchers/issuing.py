"""Issuing vouchers: what one may be worth is committed on the day it is issued."""

from calendar import monthrange
from datetime import date
from typing import cast

from django.db import transaction

from yingshang.content.selectors import declaration_of, list_current
from yingshang.domains.funds.spending import give_back, reserve
from yingshang.domains.funds.vouchers.declaring import VOUCHER_SCHEME, VoucherScheme
from yingshang.domains.funds.vouchers.errors import NoSuchScheme, OverYearCap, ScopeUnknown
from yingshang.domains.funds.vouchers.models import Voucher, VoucherState
from yingshang.facts.catalogue import current_catalogue
from yingshang.kernel.money import format_fen
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


def list_schemes() -> list[VoucherScheme]:
    """Return the schemes in force, by key."""
    return [cast("VoucherScheme", declaration_of(one)) for one in list_current(VOUCHER_SCHEME)]


def get_scheme(key: str) -> VoucherScheme:
    """Return a scheme; raises ``NoSuchScheme``."""
    found = next((one for one in list_schemes() if one.key == key), None)
    if found is None:
        raise NoSuchScheme
    return found


def demand_scope(scheme: VoucherScheme, scope: str) -> None:
    """Raise ``ScopeUnknown`` for a service that the scheme does not cover."""
    if current_catalogue().code(scheme.scope, scope) is None:
        raise ScopeUnknown(field="scope")


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def issue(
    actor: Actor, *, scheme: str, subject: Subject, scope: str, key: str
) -> tuple[Voucher, bool]:
    """Issue a voucher, once by scheme, subject and key; return it and whether it is new.

    A firm is not given more in a year than it may redeem. Raises ``NoSuchScheme``, ``ScopeUnknown``,
    ``OverYearCap``, ``FundExhausted``.
    """
    terms, day = get_scheme(scheme), today()
    demand_scope(terms, scope)
    with transaction.atomic():
        Subject.objects.select_for_update().get(pk=subject.pk)
        before = Voucher.objects.filter(scheme=scheme, subject=subject, key=key).first()
        if before is not None:
            return before, False
        _demand_within_year(terms, subject, day)
        ref = new_ref()
        held = reserve(
            actor,
            fund=terms.fund,
            line=terms.budget_line,
            year=day.year,
            amount_fen=terms.cap,
            origin=f"voucher:{ref}",
            subject=subject,
            key="1",
        )
        made = Voucher.objects.create(
            ref=ref,
            scheme=scheme,
            subject=subject,
            scope=scope,
            rate=terms.rate,
            cap_fen=terms.cap,
            left_fen=terms.cap,
            year_cap_fen=terms.year_cap,
            issued_on=day,
            valid_until=months_after(day, terms.valid_months),
            commitment=held,
            key=key,
        )
        payload = {"scheme": scheme, "subject": subject.ref, "scope": scope, "cap_fen": terms.cap}
        record("funds.voucher_issued", actor=actor.ref, subject=f"voucher:{ref}", payload=payload)
    return made, True


def _demand_within_year(terms: VoucherScheme, subject: Subject, day: date) -> None:
    held = Voucher.objects.filter(scheme=terms.key, subject=subject, issued_on__year=day.year)
    held = held.exclude(state=VoucherState.CANCELLED)
    left = terms.year_cap - sum(held.values_list("cap_fen", flat=True))
    if terms.cap > left:
        left = max(0, left)
        params = {"left": format_fen(left), "asked": format_fen(terms.cap)}
        raise OverYearCap(params=params)


def expire_due(actor: Actor) -> int:
    """End the vouchers whose last day is over and release what is left of them; return how many."""
    due = Voucher.objects.select_for_update(of=("self",)).filter(
        state=VoucherState.ISSUED, valid_until__lt=today()
    )
    count = 0
    for one in due.select_related("commitment").order_by("pk"):
        end(actor, one, VoucherState.EXPIRED, ground="券到期")
        count += 1
    return count


def end(actor: Actor, voucher: Voucher, state: VoucherState, *, ground: str) -> None:
    """End a voucher and release what it still reserves; the caller holds its lock."""
    left = min(voucher.left_fen, voucher.commitment.open_fen)
    if left:
        give_back(
            actor,
            commitment=voucher.commitment.ref,
            key=state.value,
            amount_fen=left,
            ground=ground,
        )
    voucher.state, voucher.left_fen = state, 0
    voucher.save(update_fields=["state", "left_fen"])
    record(
        f"funds.voucher_{state.value}",
        actor=actor.ref,
        subject=f"voucher:{voucher.ref}",
        payload={"released_fen": left, "ground": ground},
    )
