"""Two pages about the interface: its description for everybody, and one's own access tokens."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.api.actions import LONGEST_LIFE_DAYS, NewToken, create_token, revoke_token
from yingshang.api.describing import sections
from yingshang.api.models import AccessToken
from yingshang.api.selectors import get_token_for, list_tokens_for, list_uses_of
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.permissions import PERMISSIONS
from yingshang.web.access import Anyone, SignedIn
from yingshang.web.blocks import home_block
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import PageRequest, page

USUAL_LIFE = timedelta(days=90)


class TokenForm(forms.Form):
    """What a token is for, until when, and how much it may do."""

    name = forms.CharField(
        label=_("用途"), max_length=60, help_text=_("例如“财务系统同步证照”，便于日后辨认。")
    )
    expires_on = forms.DateField(
        label=_("到期日"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("当天仍可使用，最长一年。"),
    )
    writes = forms.BooleanField(
        label=_("可以办理"), required=False, help_text=_("不选则只能读取。")
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选则与您当前身份的权限相同，并随之变化。"),
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data, initial={"expires_on": today() + USUAL_LIFE})
        held = [(name, one.label) for name, one in PERMISSIONS if actor.may(name)]
        self.fields["scopes"].choices = held  # type: ignore[attr-defined]
        if not held:
            del self.fields["scopes"]


@page("account/tokens/", name="tokens", access=SignedIn(), title=_("访问令牌"), parent="account")
def tokens(request: PageRequest) -> HttpResponse:
    """List one's own tokens, the last made first."""
    listing = list_page(
        request, list_tokens_for(request.actor), sorts={"made": ("pk",)}, default="-made"
    )
    context = {"listing": listing, "rows": [(one, state_of(one)) for one in listing.rows]}
    return render(request, "api/tokens.html", context)


def state_of(token: AccessToken) -> tuple[Any, str]:
    """Return how a token stands, with the tone of its tag."""
    if token.revoked_at is not None:
        return _("已撤销"), "idle"
    return (_("已到期"), "idle") if token.expires_on < today() else (_("在用"), "good")


@page(
    "account/tokens/new/",
    name="new-token",
    access=SignedIn(),
    title=_("新建令牌"),
    methods=("GET", "POST"),
    parent="tokens",
)
def new_token(request: PageRequest) -> HttpResponse:
    """Make a token for the present mandate and show its secret, this once."""
    form = TokenForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token(request.actor, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _shown_once(request, made)
    context = {
        "form": form,
        "title": gettext("新建令牌"),
        "lead": gettext("令牌以您当前的身份办事：%(party)s。最长 %(days)s 天。")
        % {"party": request.actor.party_name or request.actor.name, "days": LONGEST_LIFE_DAYS},
        "action_label": gettext("新建令牌"),
        "cancel": reverse("tokens"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/form_page.html", context, status=status)


def _shown_once(request: PageRequest, made: NewToken) -> HttpResponse:
    response = render(request, "api/secret.html", {"token": made.token, "secret": made.secret})
    response.headers["Cache-Control"] = "no-store"
    return response


@page(
    "account/tokens/<str:ref>/",
    name="token",
    access=SignedIn(),
    title=_("令牌的使用记录"),
    parent="tokens",
)
def token(request: PageRequest, ref: str) -> HttpResponse:
    """Show for what a token was used, when and from where."""
    found = get_token_for(request.actor, ref)
    listing = list_page(
        request, list_uses_of(found), sorts={"used": ("last_at", "pk")}, default="-used"
    )
    labels = [PERMISSIONS.get(name).label for name in found.scopes if name in PERMISSIONS]
    context = {
        "token": found,
        "state": state_of(found),
        "scopes": labels,
        "listing": listing,
        "crumb_title": found.name,
    }
    return render(request, "api/token.html", context)


@page(
    "account/tokens/<str:ref>/revoke/",
    name="revoke-token",
    access=SignedIn(),
    title=_("撤销令牌"),
    methods=("POST",),
    parent="tokens",
)
def revoke(request: PageRequest, ref: str) -> HttpResponse:
    """Take a token out of use."""
    revoke_token(request.actor, token=ref)
    messages.success(request, gettext("令牌已撤销，立即失效。"))
    return redirect("tokens")


@page("api/", name="portal:api", access=Anyone(), title=_("开放接口"))
def interface(request: PageRequest) -> HttpResponse:
    """Describe every operation, from the same description that programs read."""
    return render(request, "api/interface.html", {"sections": sections()})


@home_block("account", order=10, width="full", access=SignedIn())
def own_tokens(request: PageRequest) -> str:
    """Lead from the account to its tokens."""
    return render_to_string("api/blocks/tokens.html", {}, request)


def _some_token() -> dict[str, Any]:
    found = AccessToken.objects.order_by("pk").first()
    return {"ref": found.ref if found else "nothing"}


example("token", _some_token, visitor="handler")
