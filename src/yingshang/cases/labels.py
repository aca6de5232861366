"""Saying things about a case in the reader's language."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.procedure import State
from yingshang.cases.selectors import LIGHTS, light_of
from yingshang.cases.wording import english as english
from yingshang.cases.wording import label as label
from yingshang.kernel.times import today
from yingshang.kernel.workdays import OutsideCalendar, workdays_between

LIGHT_LABELS = {
    "none": _("不计时"),
    "paused": _("已暂停"),
    "green": _("正常"),
    "yellow": _("临近"),
    "red": _("紧急"),
    "overdue": _("逾期"),
}
assert set(LIGHT_LABELS) == set(LIGHTS)

COLOURS = {
    "none": "grey",
    "paused": "grey",
    "green": "green",
    "yellow": "yellow",
    "red": "red",
    "overdue": "red",
}
TONES = {
    "neutral": "idle",
    "progress": "active",
    "waiting": "warn",
    "good": "good",
    "bad": "bad",
}


def state_of_case(case: Case) -> State:
    """Return the state in which a case stands, as its procedure declares it."""
    return procedure_of(case.version).state_by_key[case.state]


def light_text(case: Case) -> str:
    """Say how a case stands to its nearest deadline, in working days."""
    light = light_of(case)
    if case.due_on is None or light in ("none", "paused"):
        return str(LIGHT_LABELS[light])
    try:
        left = workdays_between(today(), case.due_on)
    except OutsideCalendar:
        return str(LIGHT_LABELS[light])
    if light == "overdue":
        late = workdays_between(case.due_on, today())
        if not late:
            return gettext("已逾期")
        return ngettext("逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", late) % {"n": late}
    if case.due_on == today():
        return gettext("今天到期")
    return ngettext("还有 %(n)s 个工作日", "还有 %(n)s 个工作日", left) % {"n": left}
