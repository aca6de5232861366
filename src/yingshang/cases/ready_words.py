"""The kind ``ready_words``: ready words for what an official writes in a decision (决定文书用语).

They stand beside the field in the form; whoever decides puts them in and goes on writing. What is written
there goes into the decision's document, so that similar cases read alike.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, cast

from pydantic import Field

from yingshang.cases.models import Case
from yingshang.cases.procedure import Procedure
from yingshang.content.selectors import declaration_of, list_current
from yingshang.kernel.kinds import Declaration, Remark

KIND, REASON = "ready_words", "reason"
"""``reason`` stands for the reason that an action asks for, besides the procedure's own fields."""
Text = Annotated[str, Field(min_length=1)]


class ReadyWords(Declaration):
    """Ready words for one field of some actions of some procedures.

    ``items`` narrows them to cases whose field ``item`` is one of these. ``{subject}`` and ``{title}`` in
    the text become those of the case.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    label: Text
    label_en: Text
    procedures: Annotated[tuple[str, ...], Field(min_length=1)]
    actions: Annotated[tuple[str, ...], Field(min_length=1)]
    field: Text
    items: tuple[str, ...] = ()
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    order: int = 100

    def for_case(self, case: Case) -> str:
        """Return the words for a case."""
        subject = case.subject.name if case.subject is not None else ""
        return self.text.replace("{subject}", subject).replace("{title}", case.title)


def lint_ready_words(one: ReadyWords, known: Mapping[str, Mapping[str, Any]]) -> Iterable[Remark]:
    """Yield procedures, actions and fields that there are not, and words longer than the field takes."""
    for key in one.procedures:
        procedure: Procedure | None = known.get("procedure", {}).get(key)
        if procedure is None:
            yield "unknown_procedure", f"没有名为 {key} 的流程", ("procedures",)
            continue
        for action in one.actions:
            yield from _lint_action(one, procedure, action)


def _lint_action(one: ReadyWords, procedure: Procedure, key: str) -> Iterable[Remark]:
    action = procedure.action_by_key.get(key)
    if action is None:
        yield "unknown_action", f"流程 {procedure.key} 没有名为 {key} 的操作", ("actions",)
    elif one.field == REASON and action.reason == "none":
        yield "reason_not_asked", f"{procedure.key} 的 {key} 不写理由", ("field",)
    elif one.field != REASON and one.field not in {taken.field for taken in action.takes}:
        yield "field_not_taken", f"{procedure.key} 的 {key} 不填写 {one.field}", ("field",)
    elif one.field != REASON and len(one.text) > procedure.field_by_key[one.field].max_length:
        yield "too_long", f"比字段 {one.field} 的长度上限更长", ("text",)


def list_ready_words(case: Case, action: str) -> list[ReadyWords]:
    """Return the ready words for an action on a case, in order."""
    found = [cast(ReadyWords, declaration_of(version)) for version in list_current(KIND)]
    fitting = [
        one
        for one in found
        if case.procedure in one.procedures
        and action in one.actions
        and (not one.items or case.data.get("item") in one.items)
    ]
    return sorted(fitting, key=lambda one: (one.order, one.key))
