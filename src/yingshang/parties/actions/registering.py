"""Many enterprises entered at once, as one load of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yingshang.kernel.identifiers import CodeKind, check_code
from yingshang.kernel.times import today
from yingshang.ledger.loads import LoadDigest, record_load
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actions.finding import stripped
from yingshang.parties.actors import Actor
from yingshang.parties.errors import WrongCreditCode
from yingshang.parties.models import Subject, SubjectType
from yingshang.parties.permissions import REGISTER_SUBJECTS

_CHUNK = 1_000


@dataclass(frozen=True)
class NewEnterprise:
    """An enterprise to be entered, with its 18-character code (GB 32100)."""

    code: str
    name: str
    division: str
    valid_from: date | None = None


@action("parties.register_enterprises", permission=REGISTER_SUBJECTS)
def register_enterprises(actor: Actor, *, enterprises: Sequence[NewEnterprise]) -> int:
    """Enter those enterprises that are not on record yet and return how many; one event for all.

    Those on record stay as they are. Raises ``WrongCreditCode`` and ``EmptyName``; nothing is entered
    then.
    """
    known = _known({one.code for one in enterprises})
    fresh = {one.code: one for one in enterprises if one.code not in known}
    if not fresh:
        raise AlreadyDone(0)
    digest = LoadDigest()
    rows = []
    for one in fresh.values():
        check = check_code(one.code)
        if check.kind is not CodeKind.SOCIAL_CREDIT or not check.valid:
            raise WrongCreditCode(field="code", params={"why": f"{one.code}：{check.why or ''}"})
        row = Subject(
            type=SubjectType.ENTERPRISE,
            name=stripped(one.name)[:120],
            code=one.code,
            division=one.division,
            valid_from=one.valid_from or today(),
        )
        digest.add([row.ref, row.code, row.name, row.division, row.valid_from])
        rows.append(row)
    Subject.objects.bulk_create(rows, batch_size=_CHUNK)
    record_load(
        "parties.enterprises_registered",
        digest,
        actor=actor.ref,
        subject=f"subjects:{len(rows)}",
    )
    return len(rows)


def _known(codes: set[str]) -> set[str]:
    wanted = sorted(codes)
    found: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        chunk = Subject.objects.filter(code__in=wanted[start : start + _CHUNK])
        found.update(str(code) for code in chunk.values_list("code", flat=True))
    return found
