"""The kind ``procedure``: what may happen to a case, who may do it, and until when.

Pure data. What a word means while a case runs is said in :mod:`yingshang.cases.fold` (states, data,
holders) and :mod:`yingshang.cases.clock` (limits, pauses, reports).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yingshang.kernel.kinds import Declaration

FieldType = Literal["text", "date", "organ", "int", "choice", "file", "evidence", "ref", "limit"]
Relation = Literal["holder", "opener", "subject", "named", "supervisor", "any"]


class Part(BaseModel):
    """A part of a procedure."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Labelled(Part):
    """A part with a key and a label in both languages."""

    key: str
    label: str
    label_en: str


class State(Labelled):
    """Where a case may stand; ``turn`` says which organ must act, and thus in whose worklist it is.

    A state that is not final has a clock that runs there, or says in ``no_clock`` why there is none.
    """

    tone: Literal["neutral", "progress", "waiting", "good", "bad"] = "progress"
    final: bool = False
    turn: Literal["holder", "opener"] = "holder"
    no_clock: str = ""


class Choice(Labelled):
    """One value of a choice field."""


class DataField(Labelled):
    """A datum of the case; ``restricted`` ones are shown only to those who handle the case.

    One that is not ``shown`` is left to a panel that can say more of it, as of what a reference names.
    """

    type: FieldType
    choices: tuple[Choice, ...] = ()
    sensitivity: Literal["public", "internal", "restricted"] = "internal"
    help: str = ""
    help_en: str = ""
    max_length: int = 4000
    shown: bool = True

    @property
    def is_for_senders(self) -> bool:
        """Tell whether whoever does an action may give it, by a form or by a program.

        References and limits that are not shown are filled in by other actions alone.
        """
        return self.shown or self.type not in ("ref", "limit")


class Condition(Part):
    """Holds where a choice field has one of the values, or where a text in the language of rules is true.

    A text, written in place of the whole condition, speaks of the case's own fields as
    ``case.<field>``; what is unknown does not hold. See :mod:`yingshang.cases.conditions`.
    """

    field: str = ""
    among: tuple[str, ...] = Field((), alias="in")
    text: str = ""

    @model_validator(mode="before")
    @classmethod
    def _take_text(cls, given: Any) -> Any:
        return {"text": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _say_one_thing(self) -> "Condition":
        if bool(self.text) == bool(self.field) or bool(self.field) != bool(self.among):
            raise ValueError("when 写 {field, in}，或写一句规则")
        return self


class By(Part):
    """Somebody may act: with a permission, standing to the case in a relation.

    ``holder`` and ``opener`` act for that organ, ``subject`` for whom the case is about, ``named`` is a
    person whom the case names (who needs no permission), ``supervisor`` may read all cases, ``any`` is whoever may see the case. ``assurance`` is how surely
    the actor must be known at least. ``power`` names what must have been delegated to the actor: a
    key such as that of a service item, or ``case.<field>`` where a field holds the key; see
    :mod:`yingshang.cases.powers`.
    """

    permission: str = ""
    relation: Relation
    assurance: Literal["password", "two_factor", "in_person"] | None = None
    power: str = ""


class Taken(Part):
    """A field that an action takes."""

    field: str
    required: bool = False


class Effect(Part):
    """Something else that happens in the same transaction: a registered effect and its parameters."""

    do: str
    parameters: Mapping[str, Any] = Field(default_factory=dict, alias="with")


class Extension(Part):
    """An action makes the running limit of ``clock`` longer by ``n``, in the limit's own kind of day.

    It helps only before the limit has run out. Where ``asked_by`` names an action, somebody must have
    done that one since the last extension, and another person must do this one.
    """

    clock: str
    n: int = Field(ge=1)
    asked_by: str = ""


class CaseAction(Labelled):
    """What may be done in some states; without ``to`` the state stays.

    ``system`` actions are done by effects and by other cases, never by a person. ``hands_over_to``
    names an organ field: the organ given there holds the case from then on.

    ``at_most`` is how often it may be done in one case. ``ground`` is the law under which it is done;
    ``written_notice`` names the required field with the text, the files or the number of the notice
    that the applicant is given in writing. ``counts_from`` names a clock: what the action starts
    counts from when that clock began, such as an acceptance by silence from the day of receipt.
    Where ``asked_by`` names an action, one person must have done that one since this one was last
    done, and another person approves by doing this one. One that ``reopens`` may be done in a final
    state as well, from which it leads out: the case is under way again, under the same version.
    """

    from_states: tuple[str, ...] = Field(alias="from")
    to: str | None = None
    by: tuple[By, ...] = ()
    system: bool = False
    takes: tuple[Taken, ...] = Field((), alias="fields")
    sets: Mapping[str, str | int | None] = Field(default_factory=dict)
    reason: Literal["none", "optional", "required"] = "none"
    hands_over_to: str | None = None
    when: Condition | None = None
    effects: tuple[Effect, ...] = ()
    at_most: int | None = Field(None, ge=1)
    ground: str = ""
    written_notice: str = ""
    extends: "Extension | None" = None
    asked_by: str = ""
    counts_from: str = ""
    reopens: bool = False
    notice: str = ""
    notice_en: str = ""
    tone: Literal["primary", "plain", "danger"] = "plain"

    @property
    def approves(self) -> str:
        """The action of another person that this one approves; empty where it approves none."""
        return self.asked_by or (self.extends.asked_by if self.extends is not None else "")


class FixedLimit(Part):
    """A limit counted from the start: ``n`` working or calendar days, months, years or hours."""

    n: int = Field(ge=0)
    kind: Literal["working", "calendar", "month", "year", "hour"]


class FieldLimit(Part):
    """The end of the day that stands in a date field, as it stands: a promised day is not moved."""

    field: str


class GivenLimit(Part):
    """A limit that each case is given in a field of type limit, such as that of its service item.

    A case that was given none has no deadline by this clock.
    """

    given: str


class Expiry(Part):
    """When the limit of ``clock`` has run out, the system action ``do`` is done, as of that instant."""

    clock: str
    do: str


class Warn(Part):
    """From how many working days left on the light is yellow, and red."""

    yellow: int = Field(10, ge=0)
    red: int = Field(3, ge=0)


class Clock(Labelled):
    """A time limit: it starts when the case enters ``runs_in`` from outside and ends when it leaves.

    In ``pauses_in`` it stands still; then the limit must not be a date. ``restarts_on`` names actions that
    start it anew. With ``cards`` the organ whose turn it is gets a yellow card when the light turns
    red, and a red one when the limit has run out.
    """

    basis: Literal["statutory", "promised"] = "promised"
    ground: str = ""
    limit: FixedLimit | FieldLimit | GivenLimit
    runs_in: tuple[str, ...]
    pauses_in: tuple[str, ...] = ()
    restarts_on: tuple[str, ...] = ()
    when: Condition | None = None
    warn: Warn = Warn()
    cards: bool = True


class Periodic(Labelled):
    """A report is owed for each calendar period in which the case stood in ``runs_in`` at its end.

    The report for a period is due ``grace`` working days after the period ends; doing one of
    ``reported_by`` serves the earliest period that is still owed.
    """

    every: Literal["month", "quarter", "year"]
    grace: int = Field(10, ge=0)
    runs_in: tuple[str, ...]
    reported_by: tuple[str, ...]
    when: Condition | None = None
    warn: Warn = Warn()


class Opens(Part):
    """Who may open a case, with what, and who then holds it.

    ``as_child_of`` lets it be opened on a parent case of these procedures only, by somebody who
    stands to the parent in ``relation``. ``holder`` says who holds it: the organ given, the organ
    that opens it, or the parent's opener.
    """

    permission: str
    holder: Literal["given", "opener", "parent_opener"] = "given"
    takes: tuple[Taken, ...] = Field((), alias="fields")
    as_child_of: tuple[str, ...] = ()
    parent_states: tuple[str, ...] = ()
    relation: Relation = "any"


class Join(Part):
    """A system action that is done once the last open child has closed.

    With ``ended_in`` at least one child must have ended in one of these states: tasks that were all
    cancelled do not carry out a decision.
    """

    do: str
    ended_in: tuple[str, ...] = ()


class Procedure(Declaration):
    """A sort of case (流程)."""

    label: str
    label_en: str
    initial: str
    opens: Opens
    states: tuple[State, ...]
    fields: tuple[DataField, ...] = ()
    actions: tuple[CaseAction, ...]
    clocks: tuple[Clock, ...] = ()
    periodic: tuple[Periodic, ...] = ()
    on_expiry: tuple[Expiry, ...] = ()
    when_child_opened: str | None = None
    """A system action that is done, where the state allows, when a child case is opened."""
    when_child_closed: str | None = None
    """A system action that is done, where the state allows, each time that a child case closes."""
    when_children_closed: Join | None = None

    @cached_property
    def state_by_key(self) -> Mapping[str, State]:
        """States by key."""
        return {state.key: state for state in self.states}

    @cached_property
    def field_by_key(self) -> Mapping[str, DataField]:
        """Fields by key."""
        return {field.key: field for field in self.fields}

    @cached_property
    def action_by_key(self) -> Mapping[str, CaseAction]:
        """Actions by key."""
        return {action.key: action for action in self.actions}

    @cached_property
    def clock_by_key(self) -> Mapping[str, Clock]:
        """Clocks by key."""
        return {clock.key: clock for clock in self.clocks}

    @cached_property
    def field_types(self) -> tuple[tuple[str, FieldType], ...]:
        """Keys and types of the fields, in order: what a condition may speak of."""
        return tuple((field.key, field.type) for field in self.fields)
