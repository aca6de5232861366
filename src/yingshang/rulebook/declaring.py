"""Policies and dated parameters as packs declare them."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yingshang.kernel.kinds import Declaration
from yingshang.rules.declarations import Parameter
from yingshang.rules.errors import RuleFault
from yingshang.rules.policies import Policy, read_parameters, read_policy


class PolicyDeclaration(Declaration):
    """Who is entitled to what, since when, on which legal source (政策规则).

    ``condition``, ``results``, ``asks`` and ``least_grade`` are as in files of policies; a folder of
    them can be given to ``yingshang match`` as it stands. ``text`` is the key of the policy text that
    the rule rests on; each leaf's ``clause`` is then a label of it (its own, or that of the group around
    it), and ``results_clause`` and ``asks_clause`` name the clause of all results and fields, or by name.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    title_en: str
    summary: str = ""
    summary_en: str = ""
    issuer: str = ""
    source: Annotated[str, Field(min_length=1)]
    valid_from: date
    valid_to: date | None = None
    least_grade: str = ""
    condition: Any
    results: dict[str, Any] = {}
    asks: tuple[str, ...] = ()
    text: str = ""
    results_clause: str | dict[str, str] = ""
    asks_clause: str | dict[str, str] = ""

    @property
    def document(self) -> dict[str, Any]:
        """The policy as it stands in files, plain JSON."""
        body = self.model_dump(mode="json", exclude_defaults=True)
        return {"id": body.pop("key"), **body}

    @property
    def policy(self) -> Policy:
        """The policy as the rules read it."""
        return read_policy(self.document)

    @model_validator(mode="after")
    def _is_a_policy(self) -> "PolicyDeclaration":
        try:
            read_policy(self.document)
        except RuleFault as fault:
            raise ValueError(fault.what) from fault
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to 早于 valid_from")
        return self


class ParameterValueDeclaration(BaseModel):
    """A parameter's value from a day on, with the text that sets it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    since: date = Field(alias="from")
    value: Any
    legal: Annotated[str, Field(min_length=1)]
    until: date | None = Field(None, alias="to")


class ParameterDeclaration(Declaration):
    """A threshold that a law or a notice sets anew from time to time (参数)."""

    key: Annotated[str, Field(pattern=r"^param(\.[a-z][a-z0-9_]*)+$", max_length=80)]
    label: str
    label_en: str
    type: str
    values: Annotated[tuple[ParameterValueDeclaration, ...], Field(min_length=1)]

    @property
    def parameter(self) -> Parameter:
        """The parameter as the rules read it."""
        body = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return read_parameters({self.key: body})[self.key]

    @model_validator(mode="after")
    def _is_a_parameter(self) -> "ParameterDeclaration":
        try:
            self.parameter  # noqa: B018 - raises where it is none
        except RuleFault as fault:
            raise ValueError(fault.what) from fault
        return self
