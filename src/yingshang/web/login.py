"""Signing in and out.

Five failures for one user name from one address lock the door for a quarter of an hour; so do many
failures for one name from everywhere, or from one address for any names, which is how passwords are
guessed from many machines or sprayed over many accounts (OWASP ASVS 2.2.1). A wrong name,
a wrong password and a closed account get the same answer after the same work, so that nobody learns
which accounts exist (OWASP ASVS 3.2.1, 6.3.8).
"""

import time
from datetime import timedelta

from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingshang.parties.actors import Assurance
from yingshang.parties.models import Account
from yingshang.parties.selectors import actor_for
from yingshang.web.actions import end_session, start_session
from yingshang.web.devices import device_name
from yingshang.web.errors import too_many
from yingshang.web.models import SignedInSession
from yingshang.web.routes import PageRequest


class LoginForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


def find_account(request: HttpRequest, form: LoginForm) -> Account | None:
    """Return the account that the form opens, or None with the reason on the form."""
    if not form.is_valid():
        return None
    if is_guessing(request, form.cleaned_data["username"]):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # its middleware answers
        return None
    account = authenticate(request, **form.cleaned_data)
    if isinstance(account, Account):
        return account
    form.add_error(None, _("用户名或密码不正确。连续五次不正确，将暂停登录十五分钟。"))
    return None


def is_guessing(request: HttpRequest, username: str) -> bool:
    """Tell whether too many sign-ins failed lately for this name anywhere, or from this address at all."""
    lately = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    failed = AccessAttempt.objects.filter(attempt_time__gt=lately)
    address = get_client_ip_address(request)
    return (
        _failures(failed.filter(username=username)) >= settings.LOGIN_FAILURES_PER_NAME
        or _failures(failed.filter(ip_address=address)) >= settings.LOGIN_FAILURES_PER_ADDRESS
    )


def _failures(attempts: "QuerySet[AccessAttempt]") -> int:
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def sign_in(request: PageRequest, account: Account) -> None:
    """Open a fresh session for ``account``; whatever session was there is left behind."""
    login(request, account)
    session = request.session
    session["epoch"] = account.session_epoch
    session["seen_at"] = int(time.time())
    session["assurance"] = int(Assurance.PASSWORD)
    if not session.session_key:
        session.create()
    request.actor = actor_for(account, None, Assurance.PASSWORD)
    start_session(
        request.actor,
        key=str(session.session_key),
        address=request.META.get("REMOTE_ADDR") or None,
        device=device_name(request.headers.get("User-Agent", "")),
    )


def sign_out(request: PageRequest) -> None:
    """End the session of this browser."""
    open_one = SignedInSession.objects.filter(
        key=request.session.session_key or "", ended_at=None
    ).first()
    if open_one is not None and open_one.account_id == request.actor.account_id:
        end_session(request.actor, ref=open_one.ref)
    logout(request)


def safe_next(request: HttpRequest, given: str, otherwise: str = "home") -> str:
    """Return ``given`` if it leads to a page of this site, else the address of ``otherwise``.

    Only a path from the root is taken: a bare word would be looked up as the name of a page.
    """
    hosts = {request.get_host()}
    if (
        given.startswith("/")
        and given.isprintable()
        and url_has_allowed_host_and_scheme(given, hosts, request.is_secure())
    ):
        return given
    return reverse(otherwise)


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """Answer too many failed attempts."""
    seconds = int(timedelta(hours=settings.AXES_COOLOFF_TIME).total_seconds())
    return too_many(request, _("请十五分钟后再试，或联系管理员重置密码。"), retry_seconds=seconds)
