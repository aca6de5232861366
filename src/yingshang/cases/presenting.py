"""What a case page shows, put together from the case, its procedure and its events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.cards import may_explain, worst_cards
from yingshang.cases.fold import fold
from yingshang.cases.history import (
    ASSIGNED,
    LATE_APPROVED,
    LATE_REFUSED,
    MIGRATED,
    OPEN,
    RETURNED,
    Happened,
    under,
)
from yingshang.cases.labels import COLOURS, TONES, label, light_text, state_of_case
from yingshang.cases.late import may_decide
from yingshang.cases.log import history_of as events_of
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Card, Case, CaseEvent, Power
from yingshang.cases.possible import actions_here, folded_for, refusal_of
from yingshang.cases.powers import may_revoke, why_not_in_force
from yingshang.cases.procedure import CaseAction, Clock, DataField, FixedLimit, Periodic, Procedure
from yingshang.cases.readings import Reading
from yingshang.cases.relations import is_for, why_no_standing
from yingshang.cases.selectors import light_of, visible_data
from yingshang.cases.wording import limit_text
from yingshang.content.selectors import list_current
from yingshang.documents.models import Attachment
from yingshang.documents.selectors import list_attachments
from yingshang.kernel.workdays import calendar
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ
from yingshang.web.errors import sentence


@dataclass(frozen=True)
class Row:
    """One line of a list of cases."""

    case: Case
    procedure: str
    state: str
    tone: str
    colour: str
    light: str
    card: str = ""

    @property
    def address(self) -> str:
        """Return the address of the case page."""
        return _address_of_cases() + f"{self.case.ref}/"


@cache
def _address_of_cases() -> str:
    """Return where the pages of cases begin; looked up once, since lists link to fifty of them."""
    return reverse("desk:cases")


def rows_of(cases: Sequence[Case]) -> list[Row]:
    """Return what a list shows of cases, with the gravest card of each."""
    cards = worst_cards(cases)
    return [replace(row_of(case), card=cards.get(case.pk, "")) for case in cases]


def row_of(case: Case) -> Row:
    """Return what a list shows of a case, its cards apart."""
    state = state_of_case(case)
    procedure = procedure_of(case.version)
    colour = COLOURS[light_of(case)]
    return Row(case, label(procedure), label(state), TONES[state.tone], colour, light_text(case))


@dataclass(frozen=True)
class Datum:
    """One datum with its value as people read it, and what it links to."""

    label: str
    text: str = ""
    files: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    day: date | None = None


class Reader:
    """Turns stored values into what people read; organs and files are looked up once for all."""

    def __init__(self, procedure: Procedure, values: Iterable[dict[str, Any]]) -> None:
        self.fields = procedure.field_by_key
        given = [
            (self.fields[k], v) for data in values for k, v in data.items() if k in self.fields
        ]
        organs = {value for one, value in given if one.type == "organ"}
        self._organs = (
            {o.ref: o.name for o in Organ.objects.filter(ref__in=organs)} if organs else {}
        )
        files = {ref for one, value in given for ref in files_in(one, value)}
        self._files = list_attachments(files) if files else {}

    def read(self, data: dict[str, Any]) -> Iterator[Datum]:
        """Yield the data that have a value, in the procedure's order of fields."""
        for key, one in self.fields.items():
            if data.get(key) is not None and one.shown:
                yield self._datum(one, data[key])

    def _datum(self, one: DataField, value: Any) -> Datum:
        name = label(one)
        if one.type == "date":
            return Datum(name, day=date.fromisoformat(value))
        if one.type == "organ":
            return Datum(name, self._organs.get(value, value))
        if one.type == "choice":
            return Datum(name, next((label(c) for c in one.choices if c.key == value), value))
        if one.type in ("file", "evidence"):
            refs = files_in(one, value)
            files = tuple(self._files[ref] for ref in refs if ref in self._files)
            links = tuple(value["links"]) if one.type == "evidence" else ()
            return Datum(name, files=files, links=links)
        if one.type == "limit":
            return Datum(name, limit_text(value))
        return Datum(name, str(value))


def files_in(one: DataField, value: Any) -> list[str]:
    """Return the attachments that a value names."""
    if one.type == "file":
        return list(value)
    return list(value["files"]) if one.type == "evidence" else []


@dataclass(frozen=True)
class ClockRow:
    """One clock as the page shows it; ``extended`` and ``stopped`` are phrases, where there is one."""

    label: str
    basis: str
    reading: Reading
    ground: str = ""
    extended: str = ""
    stopped: str = ""


@dataclass(frozen=True)
class Happening:
    """One event as the history shows it."""

    event: CaseEvent
    label: str
    tone: str
    to_state: str
    data: tuple[Datum, ...] = field(default_factory=tuple)
    verdict: CaseEvent | None = None
    may_decide: bool = False
    ground: str = ""
    told: bool = False
    power: Power | None = None

    @property
    def is_pending(self) -> bool:
        """Tell whether it was recorded late and nobody has confirmed or refused it."""
        return self.event.is_late and self.verdict is None

    @property
    def is_refused(self) -> bool:
        """Tell whether it was recorded late and refused: it counts from when it was recorded."""
        return self.verdict is not None and self.verdict.action == LATE_REFUSED


UNITS = {
    "working": _("%(n)s 个工作日"),
    "calendar": _("%(n)s 日"),
    "month": _("%(n)s 个月"),
    "year": _("%(n)s 年"),
    "hour": _("%(n)s 小时"),
}


def clock_rows(case: Case) -> list[ClockRow]:
    """Return the clocks of a case, replayed, the running ones first."""
    history = events_of(case)
    folded = fold(procedure_of(case.version), history.events, calendar())
    pairs = list(under(procedure_of(case.version), history.events))
    parts: dict[str, Clock | Periodic] = {}
    for procedure, _event in pairs:
        parts |= {clock.key: clock for clock in procedure.clocks}
        parts |= {periodic.key: periodic for periodic in procedure.periodic}
    rows = [
        _clock_row(parts[reading.key], reading, pairs)
        for reading in folded.clocks.readings.values()
        if reading.due_on is not None or reading.status == "paused"
    ]
    order = {"running": 0, "paused": 1, "ended": 2}
    return sorted(rows, key=lambda row: (order[row.reading.status], row.reading.due_on or date.max))


def _clock_row(
    part: Clock | Periodic, reading: Reading, pairs: Sequence[tuple[Procedure, Happened]]
) -> ClockRow:
    if isinstance(part, Periodic):
        return ClockRow(label(part), gettext("承诺"), reading)
    basis = gettext("法定") if part.basis == "statutory" else gettext("承诺")
    stopped = _why_stopped(part, pairs) if reading.status == "paused" else ""
    return ClockRow(label(part), basis, reading, part.ground, _extended(part, reading), stopped)


def _extended(clock: Clock, reading: Reading) -> str:
    if not reading.longer or not isinstance(clock.limit, FixedLimit):
        return ""
    total = sum(n for _at, n in reading.longer)
    return gettext("已延长 %(length)s") % {"length": UNITS[clock.limit.kind] % {"n": total}}


def _why_stopped(clock: Clock, pairs: Sequence[tuple[Procedure, Happened]]) -> str:
    """Say by which action the clock stands still, and under which law."""
    for procedure, event in reversed(pairs):
        action = procedure.action_by_key.get(event.action)
        if (
            action is not None
            and event.to_state in clock.pauses_in
            and (event.from_state not in clock.pauses_in)
        ):
            return "，".join(filter(None, [label(action), action.ground]))
    return ""


def data_of(actor: Actor, case: Case) -> list[Datum]:
    """Return the case's data as this actor may read them."""
    visible = visible_data(actor, case)
    return list(Reader(procedure_of(case.version), [visible]).read(visible))


def history_of(actor: Actor, case: Case, events: Iterable[CaseEvent]) -> list[Happening]:
    """Return what happened, the latest first, without what the actor may not read."""
    procedure = procedure_of(case.version)
    visible = set(visible_data(actor, case))
    listed = [(event, {k: v for k, v in event.fields.items() if k in visible}) for event in events]
    reader = Reader(procedure, [fields for _event, fields in listed])
    verdicts = {event.about: event for event, _fields in listed if event.about is not None}
    refs = {event.power for event, _fields in listed if event.power}
    powers = {one.ref: one for one in Power.objects.filter(ref__in=refs)} if refs else {}
    shown = []
    for current, (event, fields) in _under(procedure, listed):
        one = _happening(current, event, tuple(reader.read(fields)))
        waits = event.is_late and event.seq not in verdicts and may_decide(actor, case, event)
        shown.append(
            replace(
                one,
                verdict=verdicts.get(event.seq),
                may_decide=waits,
                power=powers.get(event.power),
            )
        )
    return shown[::-1]


Listed = tuple[CaseEvent, dict[str, Any]]


def _under(procedure: Procedure, listed: Sequence[Listed]) -> Iterator[tuple[Procedure, Listed]]:
    """Yield each event with the version of the procedure that holds from it on."""
    former = (event.former_version for event, _fields in listed)
    first = next((one for one in former if one is not None), None)
    current = procedure if first is None else procedure_of(first)
    for one in listed:
        if one[0].version is not None:
            current = procedure_of(one[0].version)
        yield current, one


def _happening(procedure: Procedure, event: CaseEvent, data: tuple[Datum, ...]) -> Happening:
    action = procedure.action_by_key.get(event.action)
    state = procedure.state_by_key[event.to_state]
    name = SYSTEM_LABELS.get(event.action, event.action)
    return Happening(
        event,
        label(action) if action is not None else str(name),
        TONES[state.tone],
        label(state) if event.to_state != event.from_state else "",
        data,
        ground=action.ground if action is not None else "",
        told=bool(action is not None and action.written_notice in event.fields),
    )


SYSTEM_LABELS = {
    OPEN: _("立案"),
    LATE_APPROVED: _("核准补录"),
    LATE_REFUSED: _("退回补录"),
    ASSIGNED: _("指定经办人"),
    MIGRATED: _("迁移到流程新版本"),
    RETURNED: _("撤回流程迁移"),
}


@dataclass(frozen=True)
class Told:
    """What the form of an action says about the law and the limits that it touches."""

    ground: str
    limits: tuple[str, ...]
    notice: str


def told_of(procedure: Procedure, action: CaseAction) -> Told:
    """Return what to tell whoever is about to do an action."""
    limits = []
    if action.extends is not None:
        clock = procedure.clock_by_key[action.extends.clock]
        if isinstance(clock.limit, FixedLimit):
            length = UNITS[clock.limit.kind] % {"n": action.extends.n}
            params = {"clock": label(clock), "length": length}
            limits.append(gettext("“%(clock)s”延长 %(length)s。") % params)
    limits += [
        gettext("“%(clock)s”停止计算，恢复后继续。") % {"clock": label(clock)}
        for clock in procedure.clocks
        if action.to in clock.pauses_in and set(action.from_states) & set(clock.runs_in)
    ]
    notice = procedure.field_by_key.get(action.written_notice)
    return Told(action.ground, tuple(limits), label(notice) if notice else "")


@dataclass(frozen=True)
class Hindered:
    """An action that is the actor's to do, and why it cannot be done now."""

    label: str
    why: str


def hindered_actions(actor: Actor, case: Case) -> list[Hindered]:
    """Return the actions of this state that are the actor's but cannot be done now, with the reason."""
    procedure, here = procedure_of(case.version), actions_here(case)
    folded = folded_for(case, here)
    found = []
    for action in here:
        if not is_for(actor, case, action):
            continue
        why = refusal_of(procedure, action, case, folded) or why_no_standing(actor, case, action)
        if why is not None:
            found.append(Hindered(label(action), sentence(why)))
    return found


@dataclass(frozen=True)
class CardRow:
    """One card as a page shows it."""

    card: Card
    clock: str
    light: str
    may_explain: bool


def card_rows(actor: Actor, cards: Iterable[Card]) -> list[CardRow]:
    """Return what a list shows of cards."""
    rows = []
    for card in cards:
        procedure = procedure_of(card.case.version)
        parts = {part.key: label(part) for part in (*procedure.clocks, *procedure.periodic)}
        name = parts.get(card.clock, card.clock)
        rows.append(CardRow(card, name, card.colour, may_explain(actor, card)))
    return rows


@dataclass(frozen=True)
class PowerRow:
    """One delegated power as a page shows it; ``ended`` says why it does not count, if so."""

    power: Power
    procedure: str
    action: str
    ended: str
    may_revoke: bool


def power_rows(actor: Actor, powers: Iterable[Power]) -> list[PowerRow]:
    """Return what a list shows of delegated powers."""
    known = {one.key: procedure_of(one) for one in list_current("procedure")}
    rows = []
    for power in powers:
        procedure = known.get(power.procedure)
        action = procedure.action_by_key.get(power.action) if procedure else None
        rows.append(
            PowerRow(
                power,
                label(procedure) if procedure else power.procedure,
                label(action) if action else power.action,
                why_not_in_force(power),
                may_revoke(actor, power),
            )
        )
    return rows
