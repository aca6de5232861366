"""Named views of the book of rules for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.rulebook.checks import check_draft
from yingshang.rulebook.drafting import get_draft_for
from yingshang.rulebook.selectors import book_for
from yingshang.rulebook.showing import Reader


@view("rulebook.draft")
def draft_view(actor: Actor, *, draft: str) -> dict[str, Any]:
    """Return a draft's version, what it says, what is wrong and what is doubtful in it."""
    found = get_draft_for(actor, draft)
    book = book_for(actor, today())
    checking = check_draft(found.text, book, found.organ_id)
    return {
        "key": found.key,
        "version": found.version,
        "is_open": found.is_open,
        "says": "" if checking.entry is None else Reader(book).written(checking.entry).aloud,
        "faults": [one.message for one in (*checking.faults, *checking.remarks)],
        "doubts": [d.code for d in checking.doubts] + [f.code for f in checking.findings],
    }


@view("rulebook.rule")
def rule_view(actor: Actor, *, key: str) -> dict[str, Any]:
    """Return what a rule in force says, and the number of its version."""
    book = book_for(actor, today())
    entry = book.get(key)
    return {
        "number": entry.version.number,
        "pack": entry.version.pack,
        "state": entry.state_on(today()),
        "says": Reader(book).written(entry).aloud,
    }
