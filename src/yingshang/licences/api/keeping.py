"""Issuing licences and documents, what happens to a licence afterwards, and the register of seals.

Most licences come out of cases; a register that another system keeps is written through here.
"""

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.licences.actions.documents import issue_decision
from yingshang.licences.actions.licences import (
    cancel,
    change,
    issue,
    renew,
    resume,
    revoke,
    suspend,
)
from yingshang.licences.actions.seals import (
    register_seal,
    resume_seal,
    revoke_seal,
    suspend_seal,
)
from yingshang.licences.api.reading import (
    DOCUMENTS,
    LICENCES,
    DecisionRead,
    LicenceRead,
    decision_of,
    licence_of,
)
from yingshang.licences.models import Decision, Licence, Seal
from yingshang.licences.permissions import AUDIT_SEALS, MANAGE_SEALS, READ_SEALS
from yingshang.licences.selectors import list_seals_for
from yingshang.parties.actors import Actor
from yingshang.web.access import NeedsOneOf
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

SEALS = _("印章")
Ground = Annotated[str, Field(min_length=1, max_length=300)]
Key = Annotated[str, Field(max_length=80)]


class SealRead(Answer):
    """A seal of an organ; ``certificate`` is its public part, PEM."""

    ref: str
    organ: str
    kind: str
    name: str
    state: Literal["active", "suspended", "revoked"]
    custodian: str
    certificate: str
    fingerprint: str
    valid_from: date | None
    valid_to: date | None
    ground: str


def _licence(_actor: Actor, found: Licence) -> LicenceRead:
    return licence_of(found)


def _decision(_actor: Actor, found: Decision) -> DecisionRead:
    return decision_of(found)


def seal_of(_actor: Actor, found: Seal) -> SealRead:
    """Return a seal."""
    return SealRead(
        ref=found.ref,
        organ=found.organ.key,
        kind=str(found.kind),
        name=found.name,
        state=str(found.state),
        custodian=found.custodian,
        certificate=found.certificate,
        fingerprint=found.fingerprint,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        ground=found.ground,
    )


write(
    "POST",
    "licences",
    issue,
    tag=LICENCES,
    summary=_("颁发一份证照"),
    show=_licence,
    status=201,
    hidden=("origin",),
    bounds={"kind": Key, "subject": Key, "issuer": Key},
)
for _route, _does, _said in (
    ("change", change, _("变更证照记载的事项")),
    ("renewal", renew, _("延续证照")),
    ("suspension", suspend, _("暂停证照")),
    ("resumption", resume, _("恢复证照")),
    ("revocation", revoke, _("吊销或撤销证照")),
    ("cancellation", cancel, _("注销证照")),
):
    write(
        "POST",
        f"licences/<str:licence>/{_route}",
        _does,
        tag=LICENCES,
        summary=_said,
        show=_licence,
        bounds={"ground": Ground},
    )
write(
    "POST",
    "decisions",
    issue_decision,
    tag=DOCUMENTS,
    summary=_("制作一份文书"),
    show=_decision,
    status=201,
    hidden=("origin",),
    bounds={"organ": Key, "template": Key, "subject": Key},
)


@read(
    "seals",
    name="seals.list",
    access=NeedsOneOf(READ_SEALS, MANAGE_SEALS, AUDIT_SEALS),
    tag=SEALS,
    summary=_("印章登记簿"),
)
def seals(actor: Actor, query: Paged) -> Listed[SealRead]:
    """List the seals that the actor may see, the latest registered first."""
    found = list_seals_for(actor)
    return listed(found, ("-registered_at", "-pk"), query, lambda one: seal_of(actor, one))


write(
    "POST",
    "seals",
    register_seal,
    tag=SEALS,
    summary=_("登记印章"),
    show=seal_of,
    status=201,
    bounds={"organ": Key, "custodian": Annotated[str, Field(min_length=1, max_length=60)]},
)
for _route, _change, _said in (
    ("suspension", suspend_seal, _("停用印章")),
    ("resumption", resume_seal, _("恢复使用印章")),
    ("revocation", revoke_seal, _("废止印章")),
):
    write(
        "POST",
        f"seals/<str:seal>/{_route}",
        _change,
        tag=SEALS,
        summary=_said,
        show=seal_of,
        bounds={"ground": Ground},
    )
