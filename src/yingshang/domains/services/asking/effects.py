"""Asking outside bodies as a case goes on, and moving it by what they answer.

A procedure says when to ask and what follows::

    effects: [{do: services.ask_outside, with: {done: body_done, refused: body_refused}}]

What is asked of whom, in which words, says the service item (``outside``). ``asks`` names some of it;
without, all is asked. What was done already, or still waits for its answer, is not asked again.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from yingshang.cases.effects import Moment, effect, effect_lint
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.working import find_action, lockable, move
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.filling import names_of, work_out
from yingshang.domains.services.applying.names import submission_of
from yingshang.domains.services.asking.reading import (
    ASK,
    Asked,
    about,
    asking_effects,
    key_of,
    list_asked,
    occasion_of,
)
from yingshang.domains.services.catalogue.declaring import OutsideAsk
from yingshang.forms.book import compiled
from yingshang.forms.models import Submission
from yingshang.forms.permissions import MARK, READ_SUBMISSIONS
from yingshang.forms.submitting import Marked, mark_fields
from yingshang.outside.asking import ask
from yingshang.outside.bodies import declared_for
from yingshang.outside.fitting import label_of
from yingshang.outside.listeners import ANSWERED
from yingshang.outside.models import Answer, Request, Status
from yingshang.outside.presenting import answer_values
from yingshang.parties.actors import Actor
from yingshang.rules.checking import check
from yingshang.rules.typed import keys_of


@effect(ASK)
def ask_outside(moment: Moment) -> None:
    """Ask what the case's service asks of outside bodies, where it is not done or under way.

    Raises what :func:`yingshang.outside.asking.ask` raises: what a body must be told and the
    application does not say is refused at once.
    """
    wanted = moment.parameters.get("asks")
    every = list_asked(moment.case)
    done = {one.key for one in every if one.answer == Status.DONE}
    for one in every:
        named = wanted is None or one.key in wanted
        if named and not one.waits and one.key not in done and one.declared.after in {"", *done}:
            _ask(moment.actor, moment.case, one, moment.event.seq)


def _ask(actor: Actor, case: Case, one: Asked, seq: int) -> None:
    declared, submission = one.declared, submission_of(case.data)
    needed = {"when": declared.when} if declared.when else {}
    if work_out(submission, needed, case.subject).get("when") is False:
        return
    ask(
        actor,
        body=declared.body,
        message=declared.message,
        payload=work_out(submission, declared.payload, case.subject),
        about=about(case),
        occasion=occasion_of(one.key, seq),
        organ=case.holder,
    )


@effect_lint(ASK)
def lint_asking(
    parameters: Mapping[str, Any], _known: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Find a procedure that asks and does not go on when it is answered."""
    for status in (Status.DONE, Status.REFUSED):
        if not parameters.get(status.value):
            yield "answer_unheard", f"{ASK} 要写明答复 {status.value} 后做什么操作"
    for name in sorted(set(parameters) - {"asks", *Status.values}):
        yield "parameter_unknown", f"{ASK} 没有参数 {name}"


@ANSWERED.named("services.ask_outside")
def take_answer(_actor: Actor, request: Request, answer: Answer) -> None:
    """Move the case on which a body was asked; what comes after it has ended changes nothing.

    A refusal opens what the applicant may correct. The case goes on as done once everything asked is.
    """
    sort, _colon, ref = request.about.partition(":")
    if sort != "case" or not key_of(request):
        return
    case = lockable().filter(ref=ref).first()
    if case is None or case.closed_at is not None:
        return
    asked = {one.key: one for one in list_asked(case)}
    one = asked.get(key_of(request))
    if one is None or one.latest != request:
        return
    if answer.status == Status.REFUSED:
        _open_for_correction(case, one, request, answer)
    if answer.status == Status.DONE and _ask_next(case, one, asked.values(), request):
        return
    _go_on(case, asked.values(), request, answer)


def _ask_next(case: Case, done: Asked, asked: Iterable[Asked], request: Request) -> bool:
    """Ask what waited for this to be done, at the event that it was asked at; tell whether there was any."""
    waited = [one for one in asked if one.declared.after == done.key and one.latest is None]
    for one in waited:
        _ask(organ_actor(case.holder), case, one, int(request.occasion.partition(":")[2]))
    return any(
        one.latest is not None for one in list_asked(case) if one.key in {w.key for w in waited}
    )


def _go_on(case: Case, asked: Iterable[Asked], request: Request, answer: Answer) -> None:
    """Do what the procedure says of such an answer, where the case stands so that it can be done."""
    procedure = procedure_of(case.version)
    event = case.events.filter(seq=request.occasion.partition(":")[2]).first()
    parameters = asking_effects(procedure).get(event.action if event else "", {})
    key = str(parameters.get(answer.status) or "")
    unfinished = [one for one in asked if one.requests and one.answer != Status.DONE]
    if not key or (answer.status == Status.DONE and unfinished):
        return
    action = find_action(procedure, key)
    if case.state not in action.from_states:
        return
    with override(settings.LANGUAGE_CODE):
        said = {"request": request.ref, "answer": said_of(request, answer)}
    taken = {one.field for one in action.takes}
    data = {name: value for name, value in said.items() if name in taken}
    move(organ_actor(case.holder), case, action, data=data)


def said_of(request: Request, answer: Answer) -> str:
    """Return what a body answered in one sentence, without what is sensitive."""
    body, message = declared_for(request)
    values = "；".join(f"{label}：{text}" for label, text in answer_values(message, answer))
    said = {
        "body": label_of(body),
        "matter": label_of(message),
        "status": Status(answer.status).label,
    }
    text = gettext("%(body)s：%(matter)s，%(status)s") % said
    return f"{text}（{values}）" if values else text


def _open_for_correction(case: Case, one: Asked, request: Request, answer: Answer) -> None:
    """Mark in the organ's name what may be corrected after this refusal."""
    submission = submission_of(case.data)
    with override(settings.LANGUAGE_CODE):
        remark = said_of(request, answer)[:500]
    marks = tuple(
        Marked(path=key, remark=remark)
        for key in correctable(one.declared, submission, answer.reason)
    )
    if marks:
        actor = organ_actor(case.holder, MARK, READ_SUBMISSIONS)
        mark_fields(actor, submission=submission.name, marks=marks)


def correctable(declared: OutsideAsk, submission: Submission, reason: str) -> list[str]:
    """Return which answers of a submission may be corrected after a refusal."""
    if reason in declared.corrects:
        return list(declared.corrects[reason])
    form = compiled(submission.form)
    names = names_of(form)
    named = (key for text in declared.payload.values() for key in keys_of(check(text, names)))
    fields = dict.fromkeys(name.split(".")[1] for name in named if not name.startswith("subject."))
    return [key for key in fields if form.find(key) is not None]
