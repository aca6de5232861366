"""Who is charged with a measure: the organs behind the units as written, and who leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["lead", "cooperate"]


@dataclass(frozen=True)
class Unit:
    """A responsible unit as written; ``organs`` are those behind it, empty while nobody said which.

    ``role`` is what the document says, None where it is silent; ``group`` marks names such as
    各镇、园区 that a person expands.
    """

    name: str
    organs: tuple[str, ...] = ()
    role: Role | None = None
    group: bool = False


@dataclass(frozen=True)
class Duty:
    """One organ's part in a measure; ``assumed`` if the lead was taken from the order of names."""

    organ: str
    role: Role
    assumed: bool = False


@dataclass(frozen=True)
class Charge:
    """Everybody charged with a measure, and the names that still mean nobody."""

    duties: tuple[Duty, ...]
    unresolved: tuple[Unit, ...] = ()

    @property
    def has_lead(self) -> bool:
        """Tell whether some organ leads."""
        return any(duty.role == "lead" for duty in self.duties)


def charge(units: Sequence[Unit]) -> Charge:
    """Return who is charged: leads where the document names them, else the first unit, as assumed.

    The members of a leading group each lead in their own area. An unresolved first unit is not
    replaced by the second: the measure has no lead until a person says whom the name means. An organ
    that stands under several names is charged once, as lead if any of them leads.
    """
    named = any(unit.role == "lead" for unit in units)
    silent = all(unit.role is None for unit in units)
    duties: dict[str, Duty] = {}
    for place, unit in enumerate(units):
        role = _role(unit, first=place == 0, named=named, silent=silent)
        for organ in unit.organs:
            duty = Duty(organ, role, assumed=role == "lead" and not named)
            duties[organ] = _stronger(duties.get(organ), duty)
    return Charge(_leads_first(duties.values()), tuple(u for u in units if not u.organs))


def _role(unit: Unit, *, first: bool, named: bool, silent: bool) -> Role:
    if named or not silent:
        return unit.role or "cooperate"
    return "lead" if first else "cooperate"


def _stronger(known: Duty | None, duty: Duty) -> Duty:
    if known is None or (known.role == "cooperate" and duty.role == "lead"):
        return duty
    return known


def _leads_first(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    return tuple(sorted(duties, key=lambda duty: duty.role != "lead"))
