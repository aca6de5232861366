"""The page on which an action is done on a case, wherever a face mounts it: on the desk, on the portal."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from yingshang.cases import actions
from yingshang.cases.errors import CaseMovedOn
from yingshang.cases.forms import CaseForm, action_form
from yingshang.cases.labels import english, label
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.presenting import row_of, told_of
from yingshang.cases.ready_words import KIND, ReadyWords, list_ready_words
from yingshang.cases.selectors import available_actions
from yingshang.cases.working import find_action
from yingshang.kernel.errors import DomainError
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest


def answer_action(
    request: PageRequest,
    case: Case,
    action: str,
    *,
    back: str,
    onward: str = "",
    late: bool = True,
    beside: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Ask for what an action takes and do it, then go ``back``; the actor may read the case.

    Where there is a way ``onward``, whoever acts may choose to go there instead. ``late`` offers to say when it
    really happened. Who was slower than somebody else reads what happened. Asking for ready words puts them
    into the form and does nothing else. ``beside`` gives what else the page shows of the case.
    """
    procedure = procedure_of(case.version)
    wanted = find_action(procedure, action)
    posted, conflict = request.method == "POST", None
    words = list_ready_words(case, action)
    chosen = next((one for one in words if one.key == request.POST.get(KIND)), None)
    acts = posted and chosen is None
    given = {"data": request.POST, "files": request.FILES} if acts else {}
    form = action_form(request.actor, procedure, wanted, case, late=late, **given)
    if chosen is not None:
        _put_in(form, request.POST, chosen, case)
    if acts and form.is_valid():
        try:
            actions.act(request.actor, case=case.ref, action=action, **form.parameters())
        except DomainError as error:
            conflict = error if isinstance(error, CaseMovedOn) else None
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已办理：%(action)s。") % {"action": label(wanted)})
            return redirect(onward if onward and "onward" in request.POST else back)
    if not posted and wanted not in available_actions(request.actor, case):
        return redirect(back)
    return show_case_form(
        request,
        form,
        title=label(wanted),
        case=case,
        back=back,
        tone="danger" if wanted.tone == "danger" else "",
        told=told_of(procedure, wanted),
        conflict=conflict,
        onward=onward,
        words=_words_shown(form, words),
        **beside(),
    )


def _put_in(form: CaseForm, typed: QueryDict, chosen: ReadyWords, case: Case) -> None:
    """Show a form with what was typed and with ready words added to their field."""
    for name, field in form.fields.items():
        if name in typed:
            field.initial = typed[name]
    if chosen.field in form.fields:
        before, words = typed.get(chosen.field, "").rstrip(), chosen.for_case(case)
        added = f"{before}\n{words}" if before else words
        form.fields[chosen.field].initial = before if words in before else added


def _words_shown(form: CaseForm, words: list[ReadyWords]) -> list[tuple[str, str, str]]:
    """Return the ready words that the form can take: key, label and the field's own label."""
    return [
        (one.key, one.label_en if english() else one.label, str(form.fields[one.field].label))
        for one in words
        if one.field in form.fields
    ]


def show_case_form(
    request: PageRequest,
    form: CaseForm,
    *,
    title: str,
    case: Case,
    back: str,
    tone: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form about a case; status 422 where something in it was refused."""
    context = {
        **more,
        "form": form,
        "title": title,
        "case": case,
        "row": row_of(case),
        "back": back,
        "kept": form.kept_names(),
        "tone": tone,
        "crumb_title": title,
        "late_open": any(field.errors or field.value() for field in form.late_fields),
    }
    return render(request, "cases/act.html", context, status=422 if form.errors else 200)
