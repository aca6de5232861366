"""Access-checked reads of vouchers: one's own, those at one's counter as a provider, or a fund's."""

from django.db.models import Q, QuerySet

from yingshang.domains.funds.selectors import keys_for
from yingshang.domains.funds.vouchers.declaring import VoucherScheme
from yingshang.domains.funds.vouchers.errors import NoSuchSettlement
from yingshang.domains.funds.vouchers.issuing import list_schemes
from yingshang.domains.funds.vouchers.models import (
    Redemption,
    Settlement,
    Voucher,
    VoucherProvider,
    VoucherState,
)
from yingshang.domains.funds.vouchers.permissions import HOLD, REDEEM
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor


def list_schemes_for(actor: Actor) -> list[VoucherScheme]:
    """Return the schemes of the funds that an official may see."""
    keys = set(keys_for(actor))
    return [one for one in list_schemes() if one.fund in keys]


def _schemes_of(actor: Actor) -> list[str]:
    return [one.key for one in list_schemes_for(actor)]


def list_vouchers_for(actor: Actor) -> QuerySet[Voucher]:
    """Return a firm's own vouchers, or those of the schemes that an official may see, the latest first."""
    own = Q(subject=actor.subject_id or 0) if actor.may(HOLD) else Q(pk=None)
    found = Voucher.objects.filter(own | Q(scheme__in=_schemes_of(actor)))
    return found.select_related("subject").order_by("-pk")


def list_redemptions_for(actor: Actor) -> QuerySet[Redemption]:
    """Return what one redeemed as a provider, used as a firm, or may see as an official, the latest first."""
    shown = Q(scheme__in=_schemes_of(actor))
    if actor.may(HOLD):
        shown |= Q(voucher__subject=actor.subject_id or 0)
    if actor.may(REDEEM):
        shown |= Q(provider__subject=actor.subject_id or 0)
    found = Redemption.objects.filter(shown)
    return found.select_related("provider", "payment", "settlement").order_by("-pk")


def list_providers_for(actor: Actor) -> QuerySet[VoucherProvider]:
    """Return the providers of the schemes that an official may see, by region and name."""
    found = VoucherProvider.objects.filter(scheme__in=_schemes_of(actor))
    return found.order_by("region", "name", "pk")


def list_recognised_for(actor: Actor) -> QuerySet[VoucherProvider]:
    """Return where a firm may use the vouchers that it holds, by region and name."""
    if not actor.may(HOLD) or actor.subject_id is None:
        return VoucherProvider.objects.none()
    held = Voucher.objects.filter(subject=actor.subject_id, state=VoucherState.ISSUED)
    found = VoucherProvider.objects.filter(scheme__in=held.values("scheme"))
    found = found.exclude(ended_on__lte=today())
    return found.order_by("region", "name", "pk")


def list_own_providers(actor: Actor) -> list[VoucherProvider]:
    """Return under which schemes the actor's firm is a provider; none without the permission."""
    if not actor.may(REDEEM) or actor.subject_id is None:
        return []
    return list(VoucherProvider.objects.filter(subject=actor.subject_id).order_by("scheme"))


def list_settlements_for(actor: Actor) -> QuerySet[Settlement]:
    """Return the settlements of the schemes that an official may see, the latest first."""
    return Settlement.objects.filter(scheme__in=_schemes_of(actor)).order_by("-pk")


def get_settlement_for(actor: Actor, ref: str) -> Settlement:
    """Return a settlement; raises ``NoSuchSettlement``."""
    found = list_settlements_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchSettlement
    return found
