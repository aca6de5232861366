"""Parts and conditions of a procedure in the reader's language; procedures carry both."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yingshang.cases.conditions import PREFIX, Judged, typed_of
from yingshang.cases.procedure import Condition, DataField, Labelled, Procedure
from yingshang.kernel.times import today
from yingshang.rules.compiling import Checked
from yingshang.rules.phrases import CHINESE, ENGLISH
from yingshang.rules.policies import Condition as Text
from yingshang.rules.sentences import Vocabulary, read_aloud, speak


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def label(part: Labelled | Procedure) -> str:
    """Return a part's label in the reader's language."""
    return part.label_en if english() else part.label


def why_unmet(procedure: Procedure, condition: Condition, judged: Judged) -> str:
    """Say why a condition does not hold: what is not known yet, or what would have to be so."""
    if judged.missing:
        names = "、".join(label(procedure.field_by_key[key]) for key in judged.missing)
        return _("还缺少%(names)s") % {"names": names}
    if judged.failure:
        return _("条件无法计算（%(why)s）") % {"why": judged.failure}
    return _("不符合条件：%(condition)s") % {"condition": _read(procedure, condition)}


def _read(procedure: Procedure, condition: Condition) -> str:
    words = _vocabulary(procedure)
    if condition.field:
        values = "、".join(words.value(PREFIX + condition.field, one) for one in condition.among)
        return words.phrases["=="].format(words.name(PREFIX + condition.field), values)
    checked = Checked(Text("text", condition.text), typed_of(procedure, condition.text))
    return read_aloud(speak(checked, words), words)


def _vocabulary(procedure: Procedure) -> Vocabulary:
    def find(key: str) -> DataField | None:
        return procedure.field_by_key.get(key.removeprefix(PREFIX))

    def name(key: str) -> str:
        found = find(key)
        return key if found is None else label(found)

    def value(key: str, given: Any) -> str:
        found = find(key)
        choices = {one.key: label(one) for one in found.choices} if found else {}
        return choices.get(given, given.isoformat() if isinstance(given, date) else str(given))

    phrases = {**(ENGLISH if english() else CHINESE), "whole": "{0}"}
    return Vocabulary(name, value, today(), phrases)


def limit_text(limit: Mapping[str, Any]) -> str:
    """Say a limit of ``{n, kind}``."""
    n = int(limit["n"])
    texts = {
        "working": ngettext("%(n)s 个工作日", "%(n)s 个工作日", n),
        "calendar": ngettext("%(n)s 日", "%(n)s 日", n),
        "month": ngettext("%(n)s 个月", "%(n)s 个月", n),
        "year": ngettext("%(n)s 年", "%(n)s 年", n),
        "hour": ngettext("%(n)s 小时", "%(n)s 小时", n),
    }
    return texts[str(limit["kind"])] % {"n": n}
