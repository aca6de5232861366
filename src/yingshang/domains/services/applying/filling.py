"""What licences and documents say, worked out from an application by texts in the rules language.

A text names answers as ``form.<field>`` (codes as codes, people by name, places in words), the same
in words as ``text.<field>`` and ``labels.<field>`` (of a choice among several), and the applicant as
``subject.name`` and ``subject.code``. Of a person there are also ``person.<field>.name``, ``.id_number``
and ``.phone``, of an address ``division.<field>``; ``today`` is the day on which it is worked out.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from yingshang.forms.asking import Asked
from yingshang.forms.book import compiled
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.models import Submission
from yingshang.forms.presenting import say_answer
from yingshang.kernel.times import today
from yingshang.parties.models import Subject
from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.evaluating import evaluate
from yingshang.rules.types import DATE, STRING, Type, list_of
from yingshang.rules.values import Failure, Unknown

_ALWAYS, _NEVER = "1970-01-01", "9999-12-31"
_OF_A_PERSON = ("name", "id_number", "phone")
_EMPTY: Mapping[str, Any] = {"bool": False, "int": 0, "double": 0.0, "date": "1970-01-01"}


def names_of(form: CompiledForm) -> Declarations:
    """Return what a text over a form may name."""
    facts = {
        "subject.name": Declared(STRING),
        "subject.code": Declared(STRING),
        "today": Declared(DATE),
    }
    for one in form.fields():
        asked = one.asked
        if asked.rule_type is not None:
            facts[f"form.{asked.key}"] = Declared(asked.rule_type)
            facts[f"text.{asked.key}"] = Declared(STRING)
        if asked.type == "choices":
            facts[f"labels.{asked.key}"] = Declared(list_of(STRING))
        if asked.type == "address":
            facts[f"division.{asked.key}"] = Declared(STRING)
        if asked.type == "person":
            facts |= {f"person.{asked.key}.{part}": Declared(STRING) for part in _OF_A_PERSON}
        for inner in asked.rows:
            facts[f"rows.{asked.key}.{inner.key}"] = Declared(list_of(STRING))
    return Declarations(facts)


def work_out(
    submission: Submission, texts: Mapping[str, str], subject: Subject | None = None
) -> dict[str, Any]:
    """Return the values of texts over a submission, plain JSON; those that are not known are left out.

    ``subject`` is whom it is for, where that came into being after it was handed in.
    """
    form = compiled(submission.form)
    names = names_of(form)
    with override(settings.LANGUAGE_CODE):
        known = {"today": today(), **dict(_known(form, submission))}
    if subject is not None:
        known |= {"subject.name": subject.name, "subject.code": subject.code}
    found = {}
    for key, text in texts.items():
        value = evaluate(check(text, names), known)
        if not isinstance(value, Unknown | Failure) and value not in ("", [], ()):
            found[key] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _known(form: CompiledForm, submission: Submission) -> Iterator[tuple[str, Any]]:
    subject = submission.subject
    yield "subject.name", subject.name if subject else None
    yield "subject.code", subject.code if subject else None
    answers = submission.body["answers"]
    for one in form.fields():
        asked, value = one.asked, answers.get(one.asked.key)
        if value is None:
            continue
        if asked.rows:
            yield from _rows(form, asked, value)
        elif asked.rule_type is not None:
            yield f"form.{asked.key}", _as_rule(form, asked, value)
            yield f"text.{asked.key}", say_answer(form.catalogue, asked, value)
        if asked.type == "choices":
            yield f"labels.{asked.key}", tuple(_labels(form, asked, value))
        if asked.type == "address":
            yield f"division.{asked.key}", value.get("division")
        if asked.type == "person":
            yield from ((f"person.{asked.key}.{part}", value.get(part)) for part in _OF_A_PERSON)


def _rows(
    form: CompiledForm, asked: Asked, rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, Any]]:
    for inner in asked.rows:
        said = (_as_text(form, inner, row.get(inner.key)) for row in rows)
        yield f"rows.{asked.key}.{inner.key}", tuple(said)


def _as_text(form: CompiledForm, asked: Asked, value: Any) -> str:
    if isinstance(value, Mapping) and asked.type == "person":
        return str(value.get("name", ""))
    return say_answer(form.catalogue, asked, value)


def _labels(form: CompiledForm, asked: Asked, codes: Iterable[str]) -> Iterator[str]:
    return (say_answer(form.catalogue, asked, [code]) for code in codes)


def _as_rule(form: CompiledForm, asked: Asked, value: Any) -> Any:
    if asked.type == "person":
        return value.get("name")
    if asked.type == "address":
        return say_answer(form.catalogue, asked, value)
    if asked.type == "date":
        return date.fromisoformat(value)
    if asked.type == "number":
        return float(value)
    return tuple(value) if isinstance(value, list) else value


def answers_as_parameters(submission: Submission, fields: Iterable[str]) -> dict[str, Any]:
    """Return the answers of a submission that a rule asks for, as dated parameters of policies.

    They stand in the kept text of an evaluation, which then holds everything that it was decided by;
    one without value is unknown there.
    """
    form = compiled(submission.form)
    known = dict(_known(form, submission))
    return asked_parameters(form, fields, known, submission.name)


def asked_parameters(
    form: CompiledForm,
    fields: Iterable[str],
    known: Mapping[str, Any] | None = None,
    legal: str = "表单",
) -> dict[str, Any]:
    """Return the same by a form alone, so that a rule can be checked before anybody applies."""
    found = {}
    for key in fields:
        asked = form.find(key)
        if asked is not None and asked.rule_type is not None:
            value = (known or {}).get(f"form.{key}")
            kind = type_text(asked.rule_type)
            found[f"param.answer.{key}"] = _parameter(kind, value, legal, asked.label)
    return found


def type_text(kind: Type) -> str:
    """Return a type as declarations write it."""
    return f"list({type_text(kind.item)})" if kind.item is not None else kind.name


def _parameter(kind: str, value: Any, legal: str, label: str) -> dict[str, Any]:
    known = value is not None
    return {
        "type": kind,
        "label": label,
        "values": [
            {
                "from": _ALWAYS if known else _NEVER,
                "value": _as_json(kind, value) if known else _nothing(kind),
                "legal": legal,
            }
        ],
    }


def _as_json(kind: str, value: Any) -> Any:
    if kind == "double":
        return float(value)
    return _plain(value)


def _nothing(kind: str) -> Any:
    return [] if kind.startswith("list") else _EMPTY.get(kind, "")
