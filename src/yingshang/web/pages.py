"""The shell's own pages: signing in, the account, language and theme, the accessibility statement."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from yingshang.kernel.errors import DomainError, Missing
from yingshang.parties.actions.accounts import change_password
from yingshang.parties.demo import list_demo_accounts
from yingshang.parties.models import Account
from yingshang.parties.selectors import ONESELF, list_mandates_of
from yingshang.web.access import Anyone, SignedIn
from yingshang.web.actions import end_all_sessions, end_session
from yingshang.web.blocks import show_blocks
from yingshang.web.forms import show_refusal
from yingshang.web.login import LoginForm, find_account, safe_next, sign_in, sign_out
from yingshang.web.routes import PAGES, PageRequest, page
from yingshang.web.selectors import list_open_sessions_for
from yingshang.web.themes import COOKIE as THEME_COOKIE
from yingshang.web.themes import THEMES, keep_choice


@page("home/", name="home", access=Anyone(), title=_("首页"))
def home(request: PageRequest) -> HttpResponse:
    """Lead to where the actor works: officials to the desk, enterprises to their own page."""
    if request.actor.is_official:
        return redirect("desk:home")
    own = PAGES.find("portal:mine")
    mine = own is not None and own.access.allows(request.actor)
    return redirect("portal:mine" if mine else "portal:home")


@page("login/", name="login", access=Anyone(), title=_("登录"), methods=("GET", "POST"))
@sensitive_post_parameters("password")
def login(request: PageRequest) -> HttpResponse:
    """Sign in, and go on to where the visitor wanted to go."""
    onward = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "GET" and not request.actor.is_anonymous:
        return redirect(safe_next(request, onward))
    form = LoginForm(request.POST or None)
    if request.method == "POST":
        account = find_account(request, form)
        if account is not None:
            sign_in(request, account)
            return redirect(safe_next(request, onward))
    status = 422 if form.errors else 200
    context = {"form": form, "onward": onward, "demo_accounts": list_demo_accounts()}
    return render(request, "web/login.html", context, status=status)


@page("logout/", name="logout", access=Anyone(), title=_("退出登录"), methods=("POST",))
def logout(request: PageRequest) -> HttpResponse:
    """Sign out of this browser."""
    if not request.actor.is_anonymous:
        sign_out(request)
        messages.success(request, gettext("您已退出登录。"))
    return redirect(settings.LOGOUT_REDIRECT_URL)


@page("account/", name="account", access=SignedIn(), title=_("我的账号"))
def account(request: PageRequest) -> HttpResponse:
    """Show the actor's account: mandates, and where it is signed in."""
    context = {
        "sessions": list_open_sessions_for(request.actor),
        "present_key": request.session.session_key,
        "blocks": show_blocks("account", request),
    }
    return render(request, "web/account.html", context)


@page(
    "account/sessions/<str:ref>/end/",
    name="end-session",
    access=SignedIn(),
    title=_("退出此设备"),
    methods=("POST",),
    parent="account",
)
def end_one_session(request: PageRequest, ref: str) -> HttpResponse:
    """Sign out of one other browser."""
    end_session(request.actor, ref=ref)
    messages.success(request, gettext("该设备已退出登录。"))
    return redirect("account")


@page(
    "account/sessions/end-all/",
    name="end-all-sessions",
    access=SignedIn(),
    title=_("退出所有设备"),
    methods=("POST",),
    parent="account",
)
def end_every_session(request: PageRequest) -> HttpResponse:
    """Sign out everywhere."""
    end_all_sessions(request.actor)
    request.session.flush()
    messages.success(request, gettext("所有设备都已退出登录，请重新登录。"))
    return redirect("login")


class PasswordForm(forms.Form):
    """The present password, and a new one twice."""

    current = forms.CharField(
        label=_("当前密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        help_text=_("至少十个字符，不要使用常见密码或与用户名相近的密码。"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输入一次新密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Refuse two different new passwords."""
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(gettext("两次输入的新密码不一致。"))
        return again


@page(
    "account/password/",
    name="password",
    access=SignedIn(),
    title=_("修改密码"),
    methods=("GET", "POST"),
    parent="account",
)
@sensitive_post_parameters()
def password(request: PageRequest) -> HttpResponse:
    """Change the actor's own password; every device has to sign in again."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_password(request.actor, current=given["current"], new=given["new"])
            end_all_sessions(request.actor)
        except DomainError as error:
            show_refusal(form, error)
        else:
            request.session.flush()
            messages.success(request, gettext("密码已修改，请用新密码重新登录。"))
            return redirect("login")
    return render(
        request,
        "web/form_page.html",
        {
            "form": form,
            "title": gettext("修改密码"),
            "lead": _password_lead(request),
            "action_label": gettext("修改密码"),
        },
        status=422 if form.errors else 200,
    )


def _password_lead(request: PageRequest) -> str:
    if isinstance(request.user, Account) and request.user.must_change_password:
        return gettext("您用的是一次性密码，请先换成自己的密码。")
    return gettext("修改后，所有设备都要用新密码重新登录。")


@page("mandate/", name="mandate", access=SignedIn(), title=_("切换身份"), methods=("POST",))
def switch_mandate(request: PageRequest) -> HttpResponse:
    """Act under another of the account's mandates, or for oneself, from now on."""
    user = request.user
    assert isinstance(user, Account)
    asked = request.POST.get("mandate", "")
    if asked == ONESELF:
        request.session["mandate"] = ONESELF
        messages.success(request, gettext("现在以本人名义办理。"))
        return redirect(safe_next(request, request.POST.get("next", "")))
    chosen = next((m for m in list_mandates_of(user) if m.ref == asked), None)
    if chosen is None:
        raise Missing(gettext("没有找到这个身份，授权可能已经到期或撤销。"), code="no_such_mandate")
    request.session["mandate"] = chosen.ref
    party = chosen.organ or chosen.subject
    messages.success(request, gettext("现在以“%(party)s”的名义办理。") % {"party": party})
    return redirect(safe_next(request, request.POST.get("next", "")))


@page("language/", name="language", access=Anyone(), title=_("切换语言"), methods=("POST",))
def switch_language(request: PageRequest) -> HttpResponse:
    """Show the site in another language from now on."""
    response = redirect(safe_next(request, request.POST.get("next", "")))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        keep_choice(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@page("theme/", name="theme", access=Anyone(), title=_("切换显示"), methods=("POST",))
def switch_theme(request: PageRequest) -> HttpResponse:
    """Show the site light, dark, or as the system says from now on."""
    response = redirect(safe_next(request, request.POST.get("next", "")))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        keep_choice(response, THEME_COOKIE, theme)
    return response


@page("accessibility/", name="accessibility", access=Anyone(), title=_("无障碍声明"))
def accessibility(request: PageRequest) -> HttpResponse:
    """Say how accessible the site is and whom to tell when it is not."""
    return render(request, "web/accessibility.html")
