"""Redeeming vouchers at recognised providers, and what is refused."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from yingshang.domains.funds.errors import AmountUnfit
from yingshang.domains.funds.public import Payee
from yingshang.domains.funds.spending import order, reserve
from yingshang.domains.funds.vouchers.declaring import VoucherScheme
from yingshang.domains.funds.vouchers.errors import (
    ConfirmationUsed,
    InvoiceUsed,
    NoSuchVoucher,
    OverCap,
    OverRate,
    OverYearCap,
    PapersMissing,
    ProviderNotRecognised,
    RegionUnknown,
    RelatedParties,
    VoucherExpired,
    VoucherUsedUp,
)
from yingshang.domains.funds.vouchers.issuing import get_scheme
from yingshang.domains.funds.vouchers.models import (
    Direction,
    Redemption,
    Voucher,
    VoucherProvider,
    VoucherState,
)
from yingshang.kernel.identifiers import plain_number
from yingshang.kernel.money import Rounding, format_fen, multiply
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import (
    Mandate,
    MandateKind,
    Subject,
    SubjectRelation,
    relation_label,
    valid_on,
)


@dataclass(frozen=True)
class Papers:
    """What a redemption rests on: contract, invoice with its amount, and what is to be borne of it."""

    contract: str
    invoice: str
    invoice_fen: int
    amount_fen: int


@dataclass(frozen=True)
class ForeignVoucher:
    """A partner region's voucher; ``confirmation`` is the number under which that region confirmed it."""

    region: str
    number: str
    holder_name: str
    holder_code: str
    confirmation: str


def redeem(
    actor: Actor, *, provider: VoucherProvider, number: str, holder_code: str, papers: Papers
) -> Redemption:
    """Redeem one of our vouchers at a recognised provider, here or in a partner region.

    A provider here is paid at once; one elsewhere by its region, with which we settle. Raises
    ``NoSuchVoucher``, ``VoucherExpired``, ``VoucherUsedUp``, ``ProviderNotRecognised``, ``RelatedParties``,
    ``OverRate``, ``OverCap``, ``OverYearCap``, ``InvoiceUsed``, ``PapersMissing``.
    """
    with transaction.atomic():
        voucher = _lock_voucher(number, holder_code)
        terms = get_scheme(voucher.scheme)
        _demand_open(voucher)
        demand_recognised(provider, voucher.scheme, voucher.scope)
        demand_unrelated(voucher.subject, provider)
        demand_papers(papers, voucher.rate)
        _demand_left(voucher, papers.amount_fen)
        is_local = provider.region == terms.region
        redemption = _store(
            actor,
            papers,
            scheme=voucher.scheme,
            direction=Direction.LOCAL if is_local else Direction.OUTBOUND,
            region=provider.region,
            voucher=voucher,
            number=voucher.number,
            holder_name=voucher.subject.name,
            holder_code=voucher.subject.code or "",
            provider=provider,
            commitment=voucher.commitment,
        )
        voucher.left_fen -= papers.amount_fen
        voucher.state = VoucherState.ISSUED if voucher.left_fen else VoucherState.USED
        voucher.save(update_fields=["left_fen", "state"])
        if is_local:
            _pay(actor, redemption)
    return redemption


def accept_foreign(
    actor: Actor, *, provider: VoucherProvider, voucher: ForeignVoucher, papers: Papers
) -> Redemption:
    """Take a partner region's voucher at one of our providers, who is paid; the region owes it to us.

    Its value and what its firm may redeem in a year are bounded by the scheme here. Raises
    ``RegionUnknown``, ``ProviderNotRecognised``, ``RelatedParties``, ``OverRate``, ``InvoiceUsed``,
    ``ConfirmationUsed``, ``OverCap``, ``OverYearCap``, ``PapersMissing``, ``FundExhausted``.
    """
    terms = get_scheme(provider.scheme)
    if voucher.region not in terms.regions:
        raise RegionUnknown(field="region")
    if provider.region != terms.region or not _is_recognised(provider):
        raise ProviderNotRecognised(params={"provider": provider.name})
    for field in ("confirmation", "number", "holder_code"):
        if not plain_number(getattr(voucher, field)):
            raise PapersMissing(field=field)
    demand_papers(papers, terms.rate)
    if holder := Subject.objects.filter(code=plain_number(voucher.holder_code)).first():
        demand_unrelated(holder, provider)
    ref = new_ref()
    with transaction.atomic():
        held = reserve(
            actor,
            fund=terms.fund,
            line=terms.budget_line,
            year=today().year,
            amount_fen=papers.amount_fen,
            origin=f"redemption:{ref}",
            subject=provider.subject,
            key="1",
        )
        _demand_foreign_left(terms, voucher, papers.amount_fen)
        redemption = _store(
            actor,
            papers,
            ref=ref,
            scheme=terms.key,
            direction=Direction.INBOUND,
            region=voucher.region,
            number=voucher.number,
            holder_name=voucher.holder_name,
            holder_code=plain_number(voucher.holder_code)[:18],
            number_key=plain_number(voucher.number)[:40],
            confirmation=voucher.confirmation,
            confirmation_key=plain_number(voucher.confirmation)[:80],
            provider=provider,
            commitment=held,
        )
        _pay(actor, redemption)
    return redemption


def _demand_foreign_left(terms: VoucherScheme, voucher: ForeignVoucher, amount_fen: int) -> None:
    """Raise ``ConfirmationUsed``, ``OverCap`` or ``OverYearCap``.

    The fund's account has been written in this transaction, so that whoever takes the same voucher at
    the same moment waits, and sees this use.
    """
    taken = Redemption.objects.filter(
        scheme=terms.key, region=voucher.region, direction=Direction.INBOUND
    )
    number = plain_number(voucher.confirmation)[:80]
    same = Redemption.objects.filter(region=voucher.region, confirmation_key=number).first()
    if same is not None:
        day = same.redeemed_at.astimezone(SHANGHAI).date()
        params = {"number": same.confirmation, "day": day}
        raise ConfirmationUsed(field="confirmation", params=params)
    left = terms.cap - _sum(taken.filter(number_key=plain_number(voucher.number)[:40]))
    asked = format_fen(amount_fen)
    if amount_fen > left:
        params = {"left": format_fen(max(0, left)), "asked": asked}
        raise OverCap(field="amount_fen", params=params)
    holder = taken.filter(holder_code=plain_number(voucher.holder_code)[:18])
    left = terms.year_cap - _sum(holder.filter(redeemed_at__year=today().year))
    if amount_fen > left:
        params = {"left": format_fen(max(0, left)), "asked": asked}
        raise OverYearCap(field="amount_fen", params=params)


def _sum(redemptions: QuerySet[Redemption]) -> int:
    return redemptions.aggregate(fen=Sum("amount_fen"))["fen"] or 0


def _lock_voucher(number: str, holder_code: str) -> Voucher:
    """Return a voucher, with all of its firm locked: the cap of a year is over several of them."""
    code = plain_number(holder_code)
    found = Voucher.objects.filter(number=number.strip().upper(), subject__code=code).first()
    if found is None:
        raise NoSuchVoucher(field="number")
    every = Voucher.objects.filter(scheme=found.scheme, subject=found.subject).order_by("pk")
    locked = every.select_for_update(of=("self",)).select_related("subject", "commitment")
    return next(one for one in locked if one.pk == found.pk)


def _demand_open(voucher: Voucher) -> None:
    if voucher.state != VoucherState.ISSUED:
        raise VoucherUsedUp(field="number", params={"state": voucher.get_state_display()})
    if voucher.valid_until < today():
        raise VoucherExpired(field="number", params={"day": voucher.valid_until})


def _is_recognised(provider: VoucherProvider) -> bool:
    return provider.ended_on is None or provider.ended_on > today()


def demand_recognised(provider: VoucherProvider, scheme: str, scope: str) -> None:
    """Raise ``ProviderNotRecognised`` unless the provider is, for this scheme and service, today."""
    if provider.scheme != scheme or scope not in provider.scopes or not _is_recognised(provider):
        raise ProviderNotRecognised(params={"provider": provider.name})


def demand_unrelated(holder: Subject, provider: VoucherProvider) -> None:
    """Raise ``RelatedParties`` where firm and provider are one, related, or related to the same third."""
    if holder.code and holder.code == provider.code:
        raise RelatedParties(params={"how": _("同一单位")})
    other = provider.subject or Subject.objects.filter(code=provider.code).first()
    if other is None:
        return
    mine, theirs = _relations_of(holder), _relations_of(other)
    if other.pk in mine:
        raise RelatedParties(params={"how": relation_label(mine[other.pk])})
    if common := sorted(set(mine) & set(theirs)):
        raise RelatedParties(params={"how": relation_label(mine[common[0]])})
    if _representatives_of(holder) & _representatives_of(other):
        raise RelatedParties(params={"how": _("同一法定代表人")})


def _relations_of(subject: Subject) -> dict[int, str]:
    """Return the types of relation by the other party's row, as they are held to be today."""
    held = SubjectRelation.objects.filter(Q(source=subject) | Q(target=subject), superseded_at=None)
    day = today()
    return {
        one.target_id if one.source_id == subject.pk else one.source_id: one.type
        for one in held
        if one.is_valid_on(day)
    }


def _representatives_of(subject: Subject) -> set[int]:
    """Return the people (row ids) who are a subject's legal representatives on the platform today."""
    held = Mandate.objects.filter(valid_on(today()), subject=subject, revoked_at=None)
    held = held.filter(kind=MandateKind.LEGAL_REPRESENTATIVE)
    return set(held.values_list("person", flat=True))


def demand_papers(papers: Papers, rate: Decimal) -> None:
    """Raise ``PapersMissing``, ``AmountUnfit``, ``InvoiceUsed`` or ``OverRate``."""
    if not papers.contract.strip() or not plain_number(papers.invoice):
        raise PapersMissing(field="invoice")
    if papers.amount_fen <= 0 or papers.invoice_fen <= 0:
        raise AmountUnfit(field="amount_fen")
    if used := Redemption.objects.filter(invoice=plain_number(papers.invoice)).first():
        day = used.redeemed_at.astimezone(SHANGHAI).date()
        raise InvoiceUsed(field="invoice", params={"invoice": used.invoice, "day": day})
    most = multiply(papers.invoice_fen, rate, Rounding.DOWN)
    if papers.amount_fen > most:
        params = {"percent": f"{rate * 100:.0f}", "most": format_fen(most)}
        raise OverRate(field="amount_fen", params=params)


def _demand_left(voucher: Voucher, amount_fen: int) -> None:
    asked = format_fen(amount_fen)
    if amount_fen > voucher.left_fen:
        params = {"left": format_fen(voucher.left_fen), "asked": asked}
        raise OverCap(field="amount_fen", params=params)
    left = voucher.year_cap_fen - redeemed_in_year(voucher)
    if amount_fen > left:
        params = {"left": format_fen(max(0, left)), "asked": asked}
        raise OverYearCap(field="amount_fen", params=params)


def redeemed_in_year(voucher: Voucher) -> int:
    """Return what the voucher's firm redeemed of the scheme in this calendar year, in fen."""
    used = Redemption.objects.filter(
        scheme=voucher.scheme, voucher__subject=voucher.subject, redeemed_at__year=today().year
    )
    return _sum(used)


def _store(actor: Actor, papers: Papers, **which: Any) -> Redemption:
    """Store a redemption and record it; whoever uses the invoice at the same moment is refused."""
    made, is_new = Redemption.objects.get_or_create(
        invoice=plain_number(papers.invoice),
        defaults={
            "contract": papers.contract.strip(),
            "invoice_fen": papers.invoice_fen,
            "amount_fen": papers.amount_fen,
            "redeemed_at": now(),
            "by": actor.ref,
            **which,
        },
    )
    if not is_new:
        day = made.redeemed_at.astimezone(SHANGHAI).date()
        raise InvoiceUsed(field="invoice", params={"invoice": made.invoice, "day": day})
    record(
        "funds.voucher_redeemed",
        actor=actor.ref,
        subject=f"redemption:{made.ref}",
        payload={
            "voucher": made.number,
            "direction": str(made.direction),
            "region": made.region,
            "provider": made.provider.ref,
            "contract": made.contract,
            "invoice": made.invoice,
            "invoice_fen": made.invoice_fen,
            "fen": made.amount_fen,
        },
    )
    return made


def _pay(actor: Actor, redemption: Redemption) -> None:
    provider = redemption.provider
    payee = Payee(
        name=provider.name, account=provider.account, code=provider.code, bank=provider.bank
    )
    redemption.payment = order(
        actor,
        commitment=redemption.commitment.ref,
        payee=payee,
        amount_fen=redemption.amount_fen,
        key=f"redemption:{redemption.ref}",
    )
    redemption.save(update_fields=["payment"])
