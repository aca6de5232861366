"""Tags of enterprises as packs declare them: a name and the condition on facts from which it follows."""

from typing import Annotated

from pydantic import Field, model_validator

from yingshang.kernel.kinds import Declaration
from yingshang.rules.errors import RuleFault
from yingshang.rules.policies import Policy, read_policy


class TagDeclaration(Declaration):
    """A tag (企业标签): whoever satisfies the condition has it, and can see why."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
    label: Annotated[str, Field(min_length=1, max_length=40)]
    label_en: Annotated[str, Field(min_length=1)]
    condition: Annotated[str, Field(min_length=1)]
    legal: str = ""
    order: int = 100

    @property
    def policy(self) -> Policy:
        """The tag as a rule that gives nothing."""
        return read_policy({"id": self.key, "title": self.label, "condition": self.condition})

    @model_validator(mode="after")
    def _is_a_rule(self) -> "TagDeclaration":
        try:
            self.policy  # noqa: B018 - raises where it is none
        except RuleFault as fault:
            raise ValueError(fault.what) from fault
        return self
