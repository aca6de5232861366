"""What a subject has to do (待办), told by whoever waits for it; nothing of it is stored.

::

    @TODOS.named("cases.corrections")
    def corrections(actor: Actor) -> Iterator[Todo]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from yingshang.kernel.registry import Registry
from yingshang.kernel.times import today
from yingshang.messages.permissions import RECEIVE
from yingshang.parties.actors import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SOON_DAYS = 7


@dataclass(frozen=True)
class Todo:
    """Something to be done by ``due`` (the last day; None where no day is set) at ``href``.

    ``tone`` is active, warn or bad; empty takes it from the days left.
    """

    label: "_StrOrPromise"
    text: "_StrOrPromise" = ""
    due: date | None = None
    href: str = ""
    tone: str = ""

    @property
    def days_left(self) -> int | None:
        """Return the days from today to the last day, negative when it is over."""
        return None if self.due is None else (self.due - today()).days

    @property
    def shown_tone(self) -> str:
        """Return the tone, by the days left where none was given."""
        left = self.days_left
        if self.tone or left is None:
            return self.tone or "active"
        return "bad" if left < 0 else "warn" if left <= SOON_DAYS else "active"

    @property
    def days_said(self) -> str:
        """Return the days left in words, nothing where no day is set."""
        left = self.days_left
        if left is None:
            return ""
        if left < 0:
            return ngettext("已逾期 %(days)d 天", "已逾期 %(days)d 天", -left) % {"days": -left}
        if left == 0:
            return gettext("今天截止")
        return ngettext("还剩 %(days)d 天", "还剩 %(days)d 天", left) % {"days": left}


Tell = Callable[[Actor], Iterable[Todo]]

TODOS: Registry[Tell] = Registry("teller of to-dos")


def list_todos_for(actor: Actor) -> list[Todo]:
    """Return what the actor's subject has to do, the most pressing first; what has no day comes last.

    Empty for whoever acts for no subject or may not see its messages.
    """
    if actor.subject_id is None or not actor.may(RECEIVE):
        return []
    found = [todo for _name, tell in TODOS for todo in tell(actor)]
    return sorted(found, key=lambda todo: (todo.due is None, todo.due or date.max, str(todo.label)))
