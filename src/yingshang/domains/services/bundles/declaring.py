"""Bundles as packs declare them: the steps of one matter, what follows what, and who leads."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from yingshang.domains.services.catalogue.declaring import Key, Part, Text
from yingshang.kernel.kinds import Declaration


class Lead(Part):
    """Who answers for the whole: the organ that implements ``item``, or ``organ`` itself."""

    item: Key | None = None
    organ: Key | None = None

    @model_validator(mode="after")
    def _says_one(self) -> "Lead":
        if (self.item is None) == (self.organ is None):
            raise ValueError("lead 写 item 或 organ，二者取一")
        return self


class BundleStep(Part):
    """One service of the matter, begun once the steps in ``after`` ended well.

    ``optional`` steps are chosen before the form is filled; ``reason`` tells who needs it. ``when`` is
    a rule over the answers of the steps that are not optional (``form.*``): where it does not hold, the
    step is left out.
    """

    item: Key
    after: tuple[Key, ...] = ()
    optional: bool = False
    when: str = ""
    reason: str = ""
    reason_en: str = ""


class Bundle(Declaration):
    """One matter (一件事) or one trade (一业): its steps, as one form with one hand-in.

    ``result`` is the licence that stands for all of them once every step ended well (行业综合许可证);
    ``result_fields`` are its values as texts over the whole form, ``permits`` apart, which the steps'
    own licences fill.
    """

    key: Key
    label: Text
    label_en: Text
    about: Text
    about_en: Text
    legal: Text
    life_event: Key | None = None
    order: int = 100
    lead: Lead
    procedure: Key = "one-matter"
    steps: Annotated[tuple[BundleStep, ...], Field(min_length=2)]
    result: Key | None = None
    result_fields: Mapping[str, str] = Field(default_factory=dict)

    @cached_property
    def step_by_item(self) -> Mapping[str, BundleStep]:
        """Steps by the key of their item."""
        return {one.item: one for one in self.steps}

    @cached_property
    def in_order(self) -> tuple[BundleStep, ...]:
        """Every step that can be reached, each after those that it waits for."""
        found: list[BundleStep] = []
        done: set[str] = set()
        while more := [
            one for one in self.steps if one.item not in done and done.issuperset(one.after)
        ]:
            found += more
            done |= {one.item for one in more}
        return tuple(found)

    def before(self, item: str) -> frozenset[str]:
        """Return every step that ends before a step begins, however many lie between."""
        return frozenset(self._before(item, set()))

    def _before(self, item: str, seen: set[str]) -> Iterator[str]:
        for one in self.step_by_item[item].after if item in self.step_by_item else ():
            if one not in seen:
                seen.add(one)
                yield one
                yield from self._before(one, seen)
