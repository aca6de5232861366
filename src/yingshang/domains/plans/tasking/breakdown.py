"""The tasks that a measure asks for, compared with those it has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from yingshang.domains.plans.tasking.duties import Charge, Duty, Unit, charge
from yingshang.domains.plans.tasking.schedule import Schedule, schedule


@dataclass(frozen=True)
class MeasureWork:
    """What a measure says about the work: ``sub_actions`` are the sentences of its text."""

    ref: str
    units: tuple[Unit, ...]
    sub_actions: tuple[str, ...]
    due: date | None = None
    due_text: str | None = None


@dataclass(frozen=True)
class Breakdown:
    """What follows from a measure: who is charged until when, and which duties have no task yet."""

    measure: MeasureWork
    charge: Charge
    schedule: Schedule
    missing: tuple[Duty, ...]
    present: tuple[Duty, ...]

    @property
    def unresolved(self) -> tuple[Unit, ...]:
        """Return the names that mean no organ yet."""
        return self.charge.unresolved

    @property
    def is_without_units(self) -> bool:
        """Tell whether the document names nobody at all, and no clerk did."""
        return not self.charge.duties and not self.charge.unresolved


def break_down(
    measure: MeasureWork,
    *,
    ends_on: date,
    present: Collection[str] = (),
    chosen_due: date | None = None,
    chosen_organs: Sequence[str] = (),
) -> Breakdown:
    """Return what follows from a measure; ``present`` are the organs that have a task already.

    ``chosen_organs`` are the clerk's for a measure that names no unit at all (the first leads).
    """
    units = measure.units or tuple(Unit(organ, (organ,)) for organ in chosen_organs)
    charged = charge(units)
    return Breakdown(
        measure,
        charged,
        schedule(measure.due, measure.due_text, ends_on=ends_on, chosen=chosen_due),
        tuple(duty for duty in charged.duties if duty.organ not in present),
        tuple(duty for duty in charged.duties if duty.organ in present),
    )
