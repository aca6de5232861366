"""What the rules said of an application, read aloud: what was asked, condition by condition, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from yingshang.cases.models import Case
from yingshang.domains.services.applying.instant import INSTANT
from yingshang.domains.services.applying.names import submission_of
from yingshang.domains.services.applying.presenting import evaluations_of
from yingshang.domains.services.applying.ways import EXCLUSION
from yingshang.facts.catalogue import Catalogue, catalogue_at
from yingshang.facts.evaluating import compile_body
from yingshang.facts.models import Evaluation
from yingshang.facts.showing import english, say
from yingshang.forms.book import compiled
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.presenting import pick, say_answer
from yingshang.rules.sentences import LANGUAGES, Spoken, Vocabulary, speak

_ANSWER = "param.answer."


@dataclass(frozen=True)
class Ruled:
    """One evaluation: what it asked, its result in words with a tone, and each condition with its own."""

    evaluation: Evaluation
    title: str
    word: str
    tone: str
    conditions: tuple[tuple[str, str, str], ...]


def ruled_on(case: Case) -> list[Ruled]:
    """Return what the rules said of a case's application, in the order of asking."""
    form = compiled(submission_of(case.data).form)
    return [_ruled(one, form) for one in evaluations_of(case)]


def _ruled(one: Evaluation, form: CompiledForm) -> Ruled:
    excludes = one.rule.rule.endswith(EXCLUSION)
    word, tone = _result(one.outcome["result"], excludes=excludes)
    title = one.rule.title
    if excludes:
        title = gettext("不得采用告知承诺的情形")
    elif one.rule.rule.endswith(INSTANT):
        title = gettext("当场决定的条件")
    catalogue = catalogue_at(one.evaluated_at)
    rule = compile_body(one.rule.body, catalogue, one.as_of)
    spoken = speak(rule.condition, _vocabulary(catalogue, form, one.as_of))
    said = tuple(
        (text, *_result(result, excludes=excludes))
        for text, result in _conditions(spoken, one.outcome["explanation"])
    )
    return Ruled(one, title, word, tone, said)


def _result(result: str, *, excludes: bool) -> tuple[str, str]:
    if result not in ("yes", "no"):
        return gettext("不能确定"), "warn"
    if excludes:
        return (gettext("属于"), "bad") if result == "yes" else (gettext("不属于"), "good")
    return (gettext("符合"), "good") if result == "yes" else (gettext("不符合"), "idle")


def _conditions(spoken: Spoken, explained: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the single conditions with their results; both trees have one shape."""
    parts = explained.get("parts", ())
    if not spoken.parts or spoken.label or len(parts) != len(spoken.parts):
        yield spoken.label or spoken.sentence, str(explained["result"])
        return
    for inner, found in zip(spoken.parts, parts, strict=True):
        yield from _conditions(inner, found)


def _vocabulary(catalogue: Catalogue, form: CompiledForm, day: date) -> Vocabulary:
    def name(key: str) -> str:
        asked = form.find(key.removeprefix(_ANSWER)) if key.startswith(_ANSWER) else None
        return pick(asked) if asked else catalogue.label_of(key, english=english())

    def value(key: str, given: Any) -> str:
        plain = given.isoformat() if isinstance(given, date) else given
        asked = form.find(key.removeprefix(_ANSWER)) if key.startswith(_ANSWER) else None
        if asked is not None:
            return say_answer(form.catalogue, asked, plain)
        typing = catalogue.columns.get(key)
        return say(catalogue, typing, plain) if typing else str(plain)

    return Vocabulary(name, value, day, LANGUAGES["en" if english() else "zh"])
