"""Conditions of a form read aloud, in the words of its own questions."""

from datetime import date
from typing import Any

from yingshang.facts.showing import english, say
from yingshang.forms.asking import Asked
from yingshang.forms.compiling import CompiledForm, Condition
from yingshang.forms.presenting import pick, say_answer
from yingshang.rules.compiling import Checked
from yingshang.rules.policies import Condition as Text
from yingshang.rules.sentences import LANGUAGES, Vocabulary, read_aloud, speak

_FORM = "form."


def say_condition(form: CompiledForm, condition: Condition) -> str:
    """Return a condition as one clause in the reader's language: “经营场所与登记的住所相同”为否."""
    words = _vocabulary(form)
    checked = Checked(Text("text", condition.text), condition.typed)
    return read_aloud(speak(checked, words), words)


def _vocabulary(form: CompiledForm) -> Vocabulary:
    def name(key: str) -> str:
        asked = _asked(form, key)
        if asked is None:
            return form.catalogue.label_of(key, english=english())
        said = pick(asked)
        if not key.endswith(".count"):
            return said
        return f"number of: {said}" if english() else f"{said}的数目"

    def value(key: str, given: Any) -> str:
        asked, typing = _asked(form, key), form.catalogue.columns.get(key)
        plain = _plain(given)
        if asked is not None:
            return say_answer(form.catalogue, asked, plain)
        return say(form.catalogue, typing, plain) if typing else str(plain)

    phrases = {**LANGUAGES["en" if english() else "zh"], "whole": "{0}"}
    return Vocabulary(name, value, form.as_of, phrases)


def _plain(given: Any) -> Any:
    if isinstance(given, float) and given.is_integer():
        return int(given)
    return given.isoformat() if isinstance(given, date) else given


def _asked(form: CompiledForm, key: str) -> Asked | None:
    """Return the question that a name in a condition is about: ``form.<key>``, ``form.<group>.<key>``."""
    if not key.startswith(_FORM):
        return None
    head, _, inner = key.removeprefix(_FORM).partition(".")
    if not inner or inner == "count":
        return form.find(head)
    return form.find(f"{head}.0.{inner}")
