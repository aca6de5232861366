"""Which seal goes on which document; a suspended, revoked or ended one never does."""

from datetime import date

from django.utils.translation import gettext as _

from yingshang.kernel.times import today
from yingshang.licences.errors import NoUsableSeal
from yingshang.licences.models import Seal, SealKind, SealState
from yingshang.parties.models import Organ


def usable_seal(organ: Organ, kind: str, *, on: date | None = None, lock: bool = False) -> Seal:
    """Return the organ's seal of a kind that may be used on a day (today).

    With ``lock`` its row is held until the end of the transaction, so that nobody suspends it
    meanwhile. Raises ``NoUsableSeal`` with the reason.
    """
    day = on or today()
    rows = Seal.objects.filter(organ=organ, kind=kind).order_by("-pk")
    seals = list(rows.select_for_update(of=("self",)) if lock else rows)
    for seal in seals:
        if is_usable(seal, day):
            return seal
    why = why_not(seals[0], day) if seals else _("没有登记")
    label = SealKind(kind).label
    raise NoUsableSeal(params={"organ": organ.name, "kind": label, "why": why})


def is_usable(seal: Seal, day: date) -> bool:
    """Tell whether a seal may be used on a day."""
    return seal.state == SealState.ACTIVE and seal.is_valid_on(day)


def why_not(seal: Seal, day: date) -> str:
    """Say in a word why a seal may not be used."""
    if seal.state != SealState.ACTIVE:
        return str(SealState(seal.state).label)
    if seal.valid_to is not None and day > seal.valid_to:
        return _("有效期已满")
    return _("尚未生效")
