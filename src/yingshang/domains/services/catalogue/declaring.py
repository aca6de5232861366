"""Service items as packs declare them, in the elements of GB/T 39554 (政务服务事项实施清单要素)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yingshang.kernel.kinds import Declaration

ItemType = Literal[
    "permit", "confirmation", "payment", "reward", "ruling", "registration", "other_power", "public"
]
"""行政许可、行政确认、行政给付、行政奖励、行政裁决、登记、其他行政权力、公共服务."""
Level = Literal["province", "city", "district", "street"]
DayKind = Literal["working", "calendar", "month", "hour", "at_once"]
Depth = Literal["consult", "prefill", "accept", "decide", "whole"]
"""How far it goes online: 咨询、预审、受理、办结反馈、全程网办."""
Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]


class Part(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LegalBasis(Part):
    """A text that the item rests on: its title and the article."""

    title: Text
    article: str = ""


class Term(Part):
    """A time limit; ``at_once`` is decided while the applicant waits and has no number."""

    n: int = Field(0, ge=0)
    kind: DayKind
    ground: str = ""

    @model_validator(mode="after")
    def _has_a_number(self) -> "Term":
        if (self.kind == "at_once") != (self.n == 0):
            raise ValueError("时限要有数字；即时办结（at_once）不写数字")
        return self


class Visits(Part):
    """How often an applicant must come, and by which text where that is more than never."""

    n: int = Field(0, ge=0)
    ground: str = ""


class Fee(Part):
    """What is charged: its name, the amount in fen or a standard in words, and the text that allows it."""

    name: Text
    name_en: str = ""
    fen: int | None = Field(None, ge=0)
    standard: str = ""
    ground: Text


class Asked(Part):
    """A material that an application needs; ``may_follow`` can be handed in after acceptance (容缺)."""

    material: Key
    when: str = ""
    may_follow: bool = False


class Step(Part):
    """One step that an applicant can follow, with its limit in words."""

    label: Text
    label_en: str
    about: str = ""
    about_en: str = ""


class QuestionAnswered(Part):
    """A question that applicants ask again and again."""

    question: Text
    question_en: str
    answer: Text
    answer_en: str


class Commitment(Part):
    """The way by notification and commitment (告知承诺制): chosen in the form, with its own procedure.

    ``chosen_by`` names the form's yes-no field. ``excluded_when`` is a rule over facts: whom it covers
    goes the ordinary way, and is told why. ``most_open`` is how many commitments of one enterprise may
    await their check at the same time, this one included.
    """

    procedure: Key
    chosen_by: Text
    excluded_when: str = ""
    excluded_because: str = ""
    most_open: int | None = Field(None, ge=1)
    legal: Text


class Instant(Part):
    """Decision without a person (秒批): a yes of the rule decides, anything else goes to a person.

    ``condition`` is written as in policies, over facts and ``param.answer.<field>`` for the answers of
    the form. ``asks`` are the form's fields that it reads.
    """

    condition: Any
    asks: tuple[str, ...] = ()
    source: Text


class OutsideAsk(Part):
    """What an outside body is asked for an application; ``payload`` are texts over it (``applying.filling``).

    ``when`` is a rule over the application: where it does not hold, nothing is asked. ``after`` names
    another ask of the item, that must be done before. ``corrects`` are
    the form's fields that may be corrected after a refusal, by its reason; after any other reason they
    are those on which the payload rests.
    """

    body: Text
    message: Text
    payload: Annotated[Mapping[str, str], Field(min_length=1)]
    when: str = ""
    after: str = ""
    corrects: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Founding(Part):
    """An application by which an enterprise comes into being: its name as a text over the application.

    ``founders`` is the form's group with a row for each who shares in it, ``founder`` its person field.
    """

    name: Text
    founders: Text = ""
    founder: Text = ""


class NameChecked(Part):
    """A name that an application claims, as a text over it, and the rule for such names (``name_rule``)."""

    rule: Key
    name: Text


class RecordsStated(Part):
    """Records of a fact, one for each row of a group: fields of the record by fields of the row.

    ``dated`` names the record's field that takes the day.
    """

    group: Text
    content: Annotated[Mapping[str, str], Field(min_length=1)]
    dated: str = ""


class Stated(Part):
    """What the register says once it is registered: facts as texts over the application.

    A text that gives nothing states nothing. ``changes`` names a fact whose records tell what was
    changed: item, before, after, changed_on.
    """

    source: Key
    values: Mapping[str, str] = Field(default_factory=dict)
    records: Mapping[str, RecordsStated] = Field(default_factory=dict)
    changes: str = ""


class ServiceItem(Declaration):
    """A service item of the basic catalogue (基本目录): the same for every organ that implements it.

    ``code`` is the twelve-digit basic code. ``applies_when`` is a rule over the enterprise's facts and
    the situation (``case.*``, answers to ``service_question``) that says who needs it.
    """

    key: Key
    code: Annotated[str, Field(pattern=r"^[0-9A-Z]{12}$")]
    name: Text
    name_en: str
    type: ItemType
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    audience: Literal["enterprise", "person", "both"] = "enterprise"
    about: Text
    about_en: str
    words: tuple[str, ...] = ()
    """What people call it when they look for it."""
    legal_basis: Annotated[tuple[LegalBasis, ...], Field(min_length=1)]
    conditions: tuple[Text, ...] = ()
    conditions_en: tuple[str, ...] = ()
    statutory_limit: Term
    procedure: Key | None = None
    form: Key | None = None
    materials: tuple[Asked, ...] = ()
    result: Key | None = None
    """The kind of licence that a yes leads to."""
    result_fields: Mapping[str, str] = Field(default_factory=dict)
    """Values of the licence by field, as texts over the application (``applying.filling``)."""
    result_adds: Mapping[str, str] = Field(default_factory=dict)
    """What is added to lists of the licence that is changed, in the same way."""
    founds: Founding | None = None
    claims_name: NameChecked | None = None
    """A name that must be free and fit, and is kept for the applicant for a while."""
    representative: str = ""
    """The form's person who becomes legal representative and has signed; who it is already stays."""
    states: Stated | None = None
    place: str = ""
    """The form's field with the address by which one of several organs handles it (属地办理)."""
    document_fields: Mapping[str, str] = Field(default_factory=dict)
    """Further values that documents about a case may show, in the same way."""
    outside: Mapping[str, OutsideAsk] = Field(default_factory=dict)
    """What outside bodies are asked, by a name of one's own; its procedure says when."""
    notice: Key | None = None
    """The public notice that its procedure publishes, where that leaves it to the item."""
    result_name: str = ""
    result_name_en: str = ""
    commitment: Commitment | None = None
    instant: Instant | None = None
    steps: tuple[Step, ...] = ()
    questions: tuple[QuestionAnswered, ...] = ()
    applies_when: str = ""
    related: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _is_in_both_languages(self) -> "ServiceItem":
        if len(self.conditions) != len(self.conditions_en):
            raise ValueError("conditions 与 conditions_en 的条数应相同")
        return self

    @property
    def founding(self) -> bool:
        """Tell whether it is applied for by a person, since the enterprise does not exist yet."""
        return self.founds is not None


class Contact(Part):
    """Where to ask and to complain."""

    place: Text
    place_en: str = ""
    hours: Text
    hours_en: str = ""
    phone: Text
    complaints: Text


class Remedies(Part):
    """To whom an applicant may turn against a decision (行政复议、行政诉讼)."""

    review_organ: str = ""
    court: str = ""


class Difference(Part):
    """Why an element differs from how others implement the same item."""

    element: Text
    because: Text


class Implementation(Declaration):
    """How one organ implements an item (实施清单): promised limit, visits, fees, depth, contact."""

    key: Key
    item: Key
    organ: Key
    level: Level
    promised_limit: Term
    visits: Visits = Visits(n=0, ground="")
    fees: tuple[Fee, ...] = ()
    free: bool = False
    """Said outright: an item without fees and without this has forgotten to say."""
    depth: Depth
    depth_ground: str = ""
    """Why it is not handled online from end to end."""
    counter: bool = True
    contact: Contact
    remedies: Remedies = Remedies()
    materials: tuple[Asked, ...] | None = None
    """In place of the item's, where this organ asks for others."""
    quantity: str = ""
    covers: tuple[Text, ...] = ()
    """Where it is in charge: words of which an address in its area contains one (street, park, roads)."""
    differs: tuple[Difference, ...] = ()
    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Implementation":
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to 早于 valid_from")
        return self


class LifeEvent(Declaration):
    """A moment in an enterprise's life (主题), with the items that belong to it in order."""

    key: Key
    label: Text
    label_en: str
    about: str = ""
    about_en: str = ""
    order: int = 100
    items: Annotated[tuple[Key, ...], Field(min_length=1)]


class QuestionChoice(Part):
    """One answer to a question."""

    key: Key
    label: Text
    label_en: str


class ServiceQuestion(Declaration):
    """A question about what somebody means to do; rules read the answer as ``case.<key>``.

    Without ``choices`` it is answered yes or no. ``fact`` answers it for an enterprise whose fact is
    known.
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    label: Text
    label_en: str
    help: str = ""
    help_en: str = ""
    choices: tuple[QuestionChoice, ...] = ()
    fact: str = ""
    order: int = 100

    @property
    def name(self) -> str:
        """What rules call the answer."""
        return f"case.{self.key}"

    def read(self, text: str) -> Any:
        """Return a given answer as rules read it, or None where it is none of the answers."""
        if self.choices:
            return text if text in {choice.key for choice in self.choices} else None
        return {"yes": True, "no": False}.get(text)
