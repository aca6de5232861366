"""Funds as packs declare them; budgets are acts of the organs and never content."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from yingshang.kernel.kinds import Declaration

FUND = "fund"
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=120)]


class Part(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BudgetLine(Part):
    """A budget line (预算科目) of a fund; ``code`` is its number in the budget, where it has one."""

    key: Key
    label: Text
    label_en: Text
    code: str = Field(default="", max_length=20)


class Fund(Declaration):
    """A fund (专项资金): who owns it, which treasury pays for it, and its budget lines.

    ``may_carry_over`` says what becomes at the end of a year of what is left and of commitments: it goes
    over to the next year (结转), or lapses (预算法第四十二条). ``supervisor`` decides on its budget, by default
    its owner.
    """

    key: Key
    label: Text
    label_en: Text
    owner: Key
    supervisor: Key | Literal[""] = ""
    legal: Text
    treasury: str
    years: Literal["calendar"] = "calendar"
    budget_lines: tuple[BudgetLine, ...] = Field(min_length=1)
    may_carry_over: bool = False

    def find_line(self, key: str) -> BudgetLine | None:
        """Return a budget line, or None."""
        return next((one for one in self.budget_lines if one.key == key), None)
