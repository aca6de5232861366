"""How every form page goes: show, try the action, say what happened or what is wrong."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yingshang.kernel.errors import DomainError
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest


def answer_form(
    request: PageRequest,
    form: Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: Any,
    back: str,
    onward: Callable[[Any], str] | None = None,
    context: dict[str, Any],
    template: str = "web/form_page.html",
) -> HttpResponse:
    """Show ``form``; on a valid POST call ``act`` with its values, say ``done`` and go to ``back``,
    or to where ``onward`` leads from what ``act`` returned.

    ``done`` may be a function of what ``act`` returned. A refusal of the domain stands beside its field, with status 422.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, done(result) if callable(done) else done)
            return redirect(onward(result) if onward else back)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, "cancel": back, **context}, status=status)
