"""Beginning to fill, the same for one service and for a whole matter."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from yingshang.domains.services.delivering.choosing import Wish
from yingshang.domains.services.delivering.forms import DeliveryForm
from yingshang.forms.models import Draft
from yingshang.forms.selectors import list_drafts_for
from yingshang.kernel.errors import DomainError
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest


def answer_beginning(
    request: PageRequest,
    template: str,
    begin: Callable[[Wish], Draft],
    *,
    onward: str,
    context: dict[str, Any],
    **about: str,
) -> HttpResponse:
    """Show what was begun before for the same (``about``: what stands in a draft's context) and begin anew.

    ``begin`` is given the wish of delivery; ``onward`` is the page on which the draft is filled.
    """
    form = DeliveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = begin(form.wish())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(onward, draft=draft.ref)
    same = {f"context__{name}": value for name, value in about.items()}
    begun = list_drafts_for(request.actor).filter(**same)[:50]
    status = 422 if form.errors else 200
    return render(request, template, {**context, "form": form, "begun": begun}, status=status)
