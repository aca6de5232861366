"""Named actions of vouchers: recognise, issue, redeem, settle."""

from datetime import date

from yingshang.domains.funds.errors import PayeeUnfit
from yingshang.domains.funds.public import Payee
from yingshang.domains.funds.selectors import demand_kept, subject_by_ref
from yingshang.domains.funds.vouchers import issuing, redeeming, settling
from yingshang.domains.funds.vouchers.declaring import VoucherScheme
from yingshang.domains.funds.vouchers.errors import (
    NoSuchProvider,
    NoSuchVoucher,
    ProviderNotRecognised,
    ProviderUnfit,
    RegionUnknown,
)
from yingshang.domains.funds.vouchers.issuing import demand_scope, get_scheme
from yingshang.domains.funds.vouchers.models import (
    Redemption,
    Settlement,
    SettlementState,
    Voucher,
    VoucherProvider,
    VoucherState,
)
from yingshang.domains.funds.vouchers.permissions import (
    EXPIRE,
    MANAGE,
    REDEEM,
    SETTLE,
)
from yingshang.domains.funds.vouchers.redeeming import ForeignVoucher, Papers
from yingshang.kernel.identifiers import plain_number
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchParty
from yingshang.parties.models import Subject


def _kept(actor: Actor, scheme: str) -> VoucherScheme:
    """Return a scheme whose fund the actor's organ keeps; raises ``NoSuchScheme``, ``NoSuchFund``, ``NotKeeper``."""
    terms = get_scheme(scheme)
    demand_kept(actor, terms.fund)
    return terms


@action("funds.recognise_provider", permission=MANAGE)
def recognise_provider(
    actor: Actor,
    *,
    scheme: str,
    name: str,
    code: str,
    region: str,
    scopes: list[str],
    bank: str = "",
    account: str = "",
    ground: str = "",
) -> VoucherProvider:
    """Recognise a provider of our region (with its account) or of a partner's; again changes it.

    Raises ``NoSuchScheme``, ``NotKeeper``, ``ProviderUnfit``, ``RegionUnknown``, ``ScopeUnknown``,
    ``PayeeUnfit``.
    """
    terms = _kept(actor, scheme)
    code = plain_number(code)
    if not code or not name.strip():
        raise ProviderUnfit(field="name" if code else "code")
    if region not in (terms.region, *terms.regions):
        raise RegionUnknown(field="region")
    for scope in scopes:
        demand_scope(terms, scope)
    if region == terms.region and not account.strip():
        raise PayeeUnfit(field="account")
    found, _new = VoucherProvider.objects.update_or_create(
        scheme=scheme,
        code=code,
        defaults={
            "region": region,
            "name": name,
            "subject": Subject.objects.filter(code=code).first(),
            "bank": bank,
            "account": account,
            "scopes": scopes,
            "recognised_at": now(),
            "ended_on": None,
            "ground": ground[:500],
        },
    )
    _record(
        actor,
        "funds.provider_recognised",
        found,
        {"region": region, "scopes": scopes, "ground": ground},
    )
    return found


@action("funds.end_provider", permission=MANAGE)
def end_provider(actor: Actor, *, provider: str, ground: str) -> VoucherProvider:
    """End a provider's recognition today; raises ``NoSuchProvider``."""
    found = VoucherProvider.objects.select_for_update(of=("self",)).filter(ref=provider).first()
    if found is None:
        raise NoSuchProvider
    _kept(actor, found.scheme)
    found.ended_on, found.ground = today(), ground[:500]
    found.save(update_fields=["ended_on", "ground"])
    _record(actor, "funds.provider_ended", found, {"ground": ground})
    return found


def _record(actor: Actor, kind: str, found: VoucherProvider, payload: dict[str, object]) -> None:
    subject = f"voucher_provider:{found.ref}"
    record(kind, actor=actor.ref, subject=subject, payload={"scheme": found.scheme, **payload})


@action("funds.issue_voucher", permission=MANAGE)
def issue_voucher(
    actor: Actor, *, scheme: str, subject: str, scope: str, key: str = "1"
) -> Voucher:
    """Issue a voucher to a subject (by its ref); the same key again gives the first one back.

    Raises ``NoSuchParty`` and what :func:`.issuing.issue` raises.
    """
    _kept(actor, scheme)
    holder = subject_by_ref(subject)
    if holder is None:
        raise NoSuchParty
    made, is_new = issuing.issue(actor, scheme=scheme, subject=holder, scope=scope, key=key)
    if not is_new:
        raise AlreadyDone(made)
    return made


@action("funds.cancel_voucher", permission=MANAGE)
def cancel_voucher(actor: Actor, *, voucher: str, ground: str) -> Voucher:
    """Cancel what is left of a voucher and release it; raises ``NoSuchVoucher``."""
    found = (
        Voucher.objects.select_for_update(of=("self",))
        .select_related("commitment")
        .filter(ref=voucher, state=VoucherState.ISSUED)
        .first()
    )
    if found is None:
        raise NoSuchVoucher
    _kept(actor, found.scheme)
    issuing.end(actor, found, VoucherState.CANCELLED, ground=ground)
    return found


@action("funds.redeem_voucher", permission=REDEEM)
def redeem_voucher(
    actor: Actor,
    *,
    scheme: str,
    number: str,
    holder_code: str,
    contract: str,
    invoice: str,
    invoice_fen: int,
    amount_fen: int,
) -> Redemption:
    """Redeem a voucher as the provider for whom one acts; raises what :func:`.redeeming.redeem` raises."""
    papers = Papers(contract, invoice, invoice_fen, amount_fen)
    return redeeming.redeem(
        actor,
        provider=own_provider(actor, scheme),
        number=number,
        holder_code=holder_code,
        papers=papers,
    )


def own_provider(actor: Actor, scheme: str) -> VoucherProvider:
    """Return the provider for whom one acts; raises ``ProviderNotRecognised``."""
    found = VoucherProvider.objects.filter(scheme=scheme, subject=actor.subject_id or 0).first()
    if found is None:
        raise ProviderNotRecognised(params={"provider": actor.party_name})
    return found


@action("funds.record_redemption", permission=MANAGE)
def record_redemption(
    actor: Actor,
    *,
    provider: str,
    number: str,
    holder_code: str,
    contract: str,
    invoice: str,
    invoice_fen: int,
    amount_fen: int,
) -> Redemption:
    """Record that one of our vouchers was used at a provider (by its ref) of a partner region.

    Raises ``NoSuchProvider`` and what :func:`.redeeming.redeem` raises.
    """
    papers = Papers(contract, invoice, invoice_fen, amount_fen)
    found = _provider(provider)
    _kept(actor, found.scheme)
    return redeeming.redeem(
        actor, provider=found, number=number, holder_code=holder_code, papers=papers
    )


def _provider(ref: str) -> VoucherProvider:
    found = VoucherProvider.objects.filter(ref=ref).select_related("subject").first()
    if found is None:
        raise NoSuchProvider
    return found


@action("funds.accept_foreign_voucher", permission=REDEEM)
def accept_foreign_voucher(
    actor: Actor,
    *,
    scheme: str,
    region: str,
    number: str,
    holder_name: str,
    holder_code: str,
    confirmation: str,
    contract: str,
    invoice: str,
    invoice_fen: int,
    amount_fen: int,
) -> Redemption:
    """Take a partner region's voucher as the provider for whom one acts.

    Raises what :func:`.redeeming.accept_foreign` raises.
    """
    return redeeming.accept_foreign(
        actor,
        provider=own_provider(actor, scheme),
        voucher=ForeignVoucher(region, number, holder_name, holder_code, confirmation),
        papers=Papers(contract, invoice, invoice_fen, amount_fen),
    )


@action("funds.expire_vouchers", permission=EXPIRE)
def expire_vouchers(actor: Actor) -> int:
    """End the vouchers whose last day is over and release what is left of them."""
    count = issuing.expire_due(actor)
    if not count:
        raise AlreadyDone(0)
    return count


@action("funds.draw_settlement", permission=SETTLE)
def draw_settlement(
    actor: Actor, *, scheme: str, region: str, starts_on: date, ends_on: date
) -> Settlement:
    """Draw the settlement of a period with a region; raises what :func:`.settling.draw` raises."""
    _kept(actor, scheme)
    made = settling.draw(actor, scheme=scheme, region=region, starts_on=starts_on, ends_on=ends_on)
    return _recorded(actor, made, "funds.settlement_drawn")


@action("funds.confirm_settlement", permission=SETTLE)
def confirm_settlement(
    actor: Actor,
    *,
    settlement: str,
    confirmation: str,
    payable_fen: int,
    receivable_fen: int,
    contested: tuple[str, ...] = (),
) -> Settlement:
    """Record what the other region confirmed, without the uses (refs) it contests; whoever drew it may not.

    Raises ``NoSuchSettlement``, ``SettlementElsewhere``, ``ConfirmerDrew``, ``GroundMissing``,
    ``SettlementDiffers``.
    """
    found = settling.lock_settlement(settlement, SettlementState.DRAWN)
    _kept(actor, found.scheme)
    said = settling.Confirmation(confirmation, payable_fen, receivable_fen, tuple(contested))
    settling.confirm(actor, found, said)
    return _recorded(actor, found, "funds.settlement_confirmed")


@action("funds.pay_settlement", permission=SETTLE)
def pay_settlement(
    actor: Actor,
    *,
    settlement: str,
    payee: str = "",
    account: str = "",
    bank: str = "",
    receipt: str = "",
) -> Settlement:
    """Set off both sides of a confirmed settlement and pay, or book, what is left.

    Raises ``NoSuchSettlement``, ``SettlementElsewhere`` and what :func:`.settling.pay` raises.
    """
    found = settling.lock_settlement(settlement, SettlementState.CONFIRMED)
    _kept(actor, found.scheme)
    given = Payee(name=payee, account=account, bank=bank)
    settling.pay(actor, found, payee=given, receipt=receipt)
    return _recorded(actor, found, "funds.settlement_paid")


def _recorded(actor: Actor, found: Settlement, kind: str) -> Settlement:
    record(
        kind,
        actor=actor.ref,
        subject=f"settlement:{found.ref}",
        payload={
            "scheme": found.scheme,
            "region": found.region,
            "ends_on": found.ends_on,
            "payable_fen": found.payable_fen,
            "receivable_fen": found.receivable_fen,
            "state": str(found.state),
            "confirmation": found.confirmation,
            "document": found.document,
        },
    )
    return found
