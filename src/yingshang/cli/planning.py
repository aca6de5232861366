"""What ``plan import`` does once the framework runs: draft, confirmation, and "nothing changes"."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.imports import (
    confirm_import,
    discard_draft,
    start_import,
)
from yingshang.domains.plans.errors import AlreadyImported, DraftExists, NothingChanged
from yingshang.domains.plans.models import ImportDraft
from yingshang.domains.plans.permissions import CONFIRM, IMPORT
from yingshang.domains.plans.reading import read_plan_file
from yingshang.kernel.errors import Missing
from yingshang.parties.actors import Actor, Assurance, system_actor
from yingshang.parties.models import Account
from yingshang.parties.selectors import actor_for


class AccountUnknown(Missing):
    """No account has this user name."""

    code = "account_unknown"
    message = _("没有用户名为“%(username)s”的账号。")


def importer(username: str) -> Actor:
    """Return the account's actor, or without a name the command itself."""
    if not username:
        return system_actor("plan-import", IMPORT, CONFIRM)
    account = (
        Account.objects.select_related("person").filter(username=username, is_active=True).first()
    )
    if account is None:
        raise AccountUnknown(params={"username": username})
    return actor_for(account, None, Assurance.PASSWORD)


def import_file(
    filename: str,
    content: bytes,
    *,
    username: str,
    confirm: bool,
    document: str,
    division: str,
    kind: Literal["own", "reference"],
    title: str,
) -> dict[str, Any]:
    """Import a file and return what came of it.

    ``status`` is ``draft`` (with ``draft``), ``confirmed`` (with ``document``, ``version``,
    ``changes``, ``unresolved``) or ``unchanged`` (with ``document``). An open draft of the same
    bytes is taken up again. Whatever the actions refuse is raised.
    """
    actor = importer(username)
    actor.require(IMPORT)
    read_plan_file(filename, content)
    try:
        ref = start_import(
            actor,
            filename=filename,
            content=content,
            kind=kind,
            division=division,
            document=document,
            title=title,
        )
    except AlreadyImported as known:
        return {"status": "unchanged", "document": known.params["document"]}
    except DraftExists as known:
        ref = str(known.params["draft"])
    if not confirm:
        draft = ImportDraft.objects.get(ref=ref)
        return {"status": "draft", "draft": ref, "measures": len(draft.state["measures"])}
    try:
        return {"status": "confirmed", **confirm_import(actor, draft=ref).as_json()}
    except NothingChanged as known:
        discard_draft(actor, draft=ref)
        return {"status": "unchanged", "document": known.params["document"]}
