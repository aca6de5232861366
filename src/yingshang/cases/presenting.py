"""What a case page shows, put together from the case, its procedure and its events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from yingshang.cases.history import LATE_APPROVED, LATE_REFUSED, OPEN
from yingshang.cases.labels import COLOURS, TONES, label, light_text, state_of_case
from yingshang.cases.late import may_decide
from yingshang.cases.log import procedure_of, state_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.procedure import DataField, Procedure
from yingshang.cases.readings import Reading
from yingshang.cases.selectors import light_of, visible_data
from yingshang.cases.wording import limit_text
from yingshang.documents.models import Attachment
from yingshang.documents.selectors import list_attachments
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@dataclass(frozen=True)
class Row:
    """One line of a list of cases."""

    case: Case
    procedure: str
    state: str
    tone: str
    colour: str
    light: str


def row_of(case: Case) -> Row:
    """Return what a list shows of a case."""
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
    """One clock as the page shows it."""

    label: str
    basis: str
    reading: Reading


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

    @property
    def is_pending(self) -> bool:
        """Tell whether it was recorded late and nobody has confirmed or refused it."""
        return self.event.is_late and self.verdict is None

    @property
    def is_refused(self) -> bool:
        """Tell whether it was recorded late and refused: it counts from when it was recorded."""
        return self.verdict is not None and self.verdict.action == LATE_REFUSED


def clock_rows(case: Case) -> list[ClockRow]:
    """Return the clocks of a case, replayed, the running ones first."""
    procedure = procedure_of(case.version)
    labels = {part.key: label(part) for part in (*procedure.clocks, *procedure.periodic)}
    statutory = {clock.key for clock in procedure.clocks if clock.basis == "statutory"}
    readings = state_of(case).clocks.readings.values()
    rows = [
        ClockRow(
            labels[reading.key],
            gettext("法定") if reading.key in statutory else gettext("承诺"),
            reading,
        )
        for reading in readings
        if reading.due_on is not None or reading.status == "paused"
    ]
    order = {"running": 0, "paused": 1, "ended": 2}
    return sorted(rows, key=lambda row: (order[row.reading.status], row.reading.due_on or date.max))


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
    labels = {action.key: label(action) for action in procedure.actions} | {
        OPEN: gettext("立案"),
        LATE_APPROVED: gettext("核准补录"),
        LATE_REFUSED: gettext("退回补录"),
    }
    verdicts = {event.about: event for event, _fields in listed if event.about is not None}
    shown = [
        Happening(
            event,
            labels.get(event.action, event.action),
            TONES[procedure.state_by_key[event.to_state].tone],
            label(procedure.state_by_key[event.to_state])
            if event.to_state != event.from_state
            else "",
            tuple(reader.read(fields)),
            verdicts.get(event.seq),
            event.is_late and event.seq not in verdicts and may_decide(actor, case, event),
        )
        for event, fields in listed
    ]
    return shown[::-1]
