"""What a firm sees of its vouchers, and where a provider redeems them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.vouchers.actions import (
    accept_foreign_voucher,
    own_provider,
    redeem_voucher,
)
from yingshang.domains.funds.vouchers.forms import ForeignForm, RedeemForm
from yingshang.domains.funds.vouchers.issuing import get_scheme
from yingshang.domains.funds.vouchers.models import VoucherState
from yingshang.domains.funds.vouchers.permissions import HOLD, REDEEM
from yingshang.domains.funds.vouchers.presenting import (
    VOUCHER_TONES,
    region_name,
    scheme_names,
    scope_names,
)
from yingshang.domains.funds.vouchers.selectors import (
    list_own_providers,
    list_recognised_for,
    list_redemptions_for,
    list_vouchers_for,
)
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page

VOUCHERS_SHOWN = 50
PROVIDERS_SHOWN = 200


@page(
    "vouchers/",
    name="portal:vouchers",
    access=NeedsOneOf(HOLD, REDEEM),
    title=_("双创券"),
    navigation=Navigation(_("双创券"), OWN, 58),
)
def vouchers(request: PageRequest) -> HttpResponse:
    """Show one's vouchers, what was used of them where, and under which schemes one may redeem."""
    schemes, scopes = scheme_names(), scope_names()
    held = [
        {
            "one": one,
            "scheme": schemes.get(one.scheme, one.scheme),
            "scope": scopes.get((one.scheme, one.scope), one.scope),
            "percent": int(one.rate * 100),
            "tone": VOUCHER_TONES[VoucherState(one.state)],
        }
        for one in list_vouchers_for(request.actor)[:VOUCHERS_SHOWN]
    ]
    listing = list_page(
        request,
        list_redemptions_for(request.actor),
        sorts={"redeemed": ("pk",)},
        default="-redeemed",
    )
    providers = [
        (one, schemes.get(one.scheme, one.scheme)) for one in list_own_providers(request.actor)
    ]
    recognised = [
        {
            "one": one,
            "region": region_name(one.region),
            "scopes": [scopes.get((one.scheme, key), key) for key in one.scopes],
        }
        for one in list_recognised_for(request.actor)[:PROVIDERS_SHOWN]
    ]
    context = {
        "held": held,
        "listing": listing,
        "providers": providers,
        "recognised": recognised,
    }
    return render(request, "funds/portal/vouchers.html", context)


@page(
    "vouchers/<slug:scheme>/redeem/",
    name="portal:voucher-redeem",
    access=Needs(REDEEM),
    title=_("兑付双创券"),
    parent="portal:vouchers",
    methods=("GET", "POST"),
)
def redeem(request: PageRequest, scheme: str) -> HttpResponse:
    """Redeem a voucher as a recognised provider."""
    terms, provider = get_scheme(scheme), own_provider(request.actor, scheme)
    return answer_form(
        request,
        RedeemForm(request.POST if request.method == "POST" else None),
        lambda given: redeem_voucher(request.actor, scheme=scheme, **given),
        done=_("已兑付，抵扣款由国库支付到登记账户。"),
        back=reverse("portal:vouchers"),
        context={
            "title": _t("兑付双创券"),
            "lead": _t("%(provider)s · 每张发票最多抵扣 %(percent)s%%")
            % {"provider": provider.name, "percent": int(terms.rate * 100)},
            "action_label": _t("兑付"),
        },
    )


@page(
    "vouchers/<slug:scheme>/foreign/",
    name="portal:voucher-foreign",
    access=Needs(REDEEM),
    title=_("兑付异地双创券"),
    parent="portal:vouchers",
    methods=("GET", "POST"),
)
def foreign(request: PageRequest, scheme: str) -> HttpResponse:
    """Take a partner region's voucher as a recognised provider."""
    terms, provider = get_scheme(scheme), own_provider(request.actor, scheme)
    return answer_form(
        request,
        ForeignForm(request.POST if request.method == "POST" else None, terms),
        lambda given: accept_foreign_voucher(request.actor, scheme=scheme, **given),
        done=_("已兑付，抵扣款由国库支付到登记账户。"),
        back=reverse("portal:vouchers"),
        context={
            "title": _t("兑付异地双创券"),
            "lead": _t("%(provider)s · 每张发票最多抵扣 %(percent)s%%")
            % {"provider": provider.name, "percent": int(terms.rate * 100)},
            "action_label": _t("兑付"),
        },
    )


example("portal:voucher-redeem", lambda: {"scheme": "innovation-voucher"}, visitor="legal2")
example("portal:voucher-foreign", lambda: {"scheme": "innovation-voucher"}, visitor="legal2")
