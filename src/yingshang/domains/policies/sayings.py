"""Proposals in words: what was read out of a wording, as the clerk who checks it would say it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.models import Proposal
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.showing import english
from yingshang.rulebook.showing import short_money
from yingshang.rules.types import DOUBLE, INT

COMPARED: Mapping[str, Promise] = {
    ">=": _("%(fact)s不低于%(value)s"),
    ">": _("%(fact)s高于%(value)s"),
    "<=": _("%(fact)s不高于%(value)s"),
    "<": _("%(fact)s低于%(value)s"),
    "==": _("%(fact)s为%(value)s"),
    "in": _("%(fact)s为%(value)s之一"),
    "not in": _("%(fact)s不是%(value)s中任何一项"),
    "is true": _("“%(fact)s”为是"),
    "is false": _("“%(fact)s”为否"),
}
SINCE = ("年", "月", "日", "天")


def said_of(one: Proposal) -> str:
    """Return a proposal's content in a line; what a person wrote as a rule stays as it is written."""
    content = one.decided or one.content
    if written := content.get("text"):
        return str(written)
    if one.sort == "condition":
        return _condition(content)
    if one.sort == "amount":
        return _amount(content)
    return one.words


def _condition(content: Mapping[str, Any]) -> str:
    if content.get("fact") is None:
        return gettext("没有对应的数据，由人补写")
    fact, value, unit = _fact_name(content["fact"]), content.get("value"), content.get("unit")
    if unit in SINCE:
        fact = gettext("%(fact)s距今") % {"fact": fact}
    op = str(content.get("op"))
    if op not in COMPARED:
        return " ".join(str(part) for part in (fact, op, value, unit) if part is not None)
    values = value if isinstance(value, list) else [value]
    said = gettext("、").join(_value(each, unit) for each in values if each is not None)
    return str(COMPARED[op]) % {"fact": fact, "value": said}


def _amount(content: Mapping[str, Any]) -> str:
    said = _value(content.get("value"), content.get("unit"))
    if base := content.get("base"):
        said = f"{_fact_name(base)} × {said}"
    if content.get("form") in ("up_to", "ceiling"):
        said = gettext("最高 %(amount)s") % {"amount": said}
    if per := content.get("per"):
        said = gettext("每%(one)s %(amount)s") % {"one": gettext("、").join(per), "amount": said}
    caps = (_value(cap["value"], cap["unit"]) for cap in content.get("caps", ()))
    return gettext("，").join([said, *(gettext("最高 %(amount)s") % {"amount": c} for c in caps)])


def _value(value: Any, unit: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and unit == "元":
        return short_money(round(value * 100))
    if is_number and unit in ("percent", "point"):
        return f"{value:g}%"
    return f"{value} {unit}" if unit else str(value)


def _fact_name(key: str) -> str:
    """Return what a fact is called; a formula stays as it is."""
    catalogue = current_catalogue()
    return catalogue.label_of(key, english=english()) if key in catalogue.columns else key


def number_names() -> dict[str, str]:
    """Return the numbers known of enterprises by key, with their names, in the order of the names."""
    columns = current_catalogue().columns_of("enterprise")
    found = {key: _fact_name(key) for key, one in columns.items() if one.rule_type in (INT, DOUBLE)}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def meant_in(words: str, facts: Mapping[str, str]) -> str:
    """Return the fact whose name stands in a wording, the longest; empty where none does."""
    plain = words.replace("年度", "年")
    found = [key for key, name in facts.items() if name in plain]
    return max(found, key=lambda key: len(facts[key]), default="")
