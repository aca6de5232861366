"""Into which account an enterprise is paid: confirmed by itself, offered again the next time."""

import re
import unicodedata

from yingshang.domains.claims.errors import AccountNeeded, AccountUnfit
from yingshang.domains.claims.models import Claim, PayeeAccount
from yingshang.kernel.errors import marked as _
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

_NUMBER = re.compile(r"^\d{8,32}$")


def last_account(subject: Subject | int) -> PayeeAccount | None:
    """Return the account to be offered: the one confirmed last, unless its payment came back just now."""
    pk = subject if isinstance(subject, int) else subject.pk
    last = _confirmed_last(pk)
    if last is None or Claim.objects.filter(account=last, case__state="returned").exists():
        return None
    return last


def _confirmed_last(subject: int) -> PayeeAccount | None:
    return PayeeAccount.objects.filter(subject=subject).order_by("-pk").first()


def keep_account(
    actor: Actor, subject: Subject, *, holder: str, bank: str, number: str
) -> PayeeAccount:
    """Keep an account as its enterprise confirmed it; the same again is not kept twice.

    Raises :class:`AccountNeeded` where a part is missing and :class:`AccountUnfit` for a number that is
    none or a holder that is not the enterprise.
    """
    parts = [unicodedata.normalize("NFKC", one).strip() for one in (holder, bank, number)]
    digits = re.sub(r"[\s-]", "", parts[2])
    if not all(parts):
        raise AccountNeeded(field="number" if parts[0] and parts[1] else "bank")
    if not _NUMBER.match(digits):
        raise AccountUnfit(field="number", params={"why": _("账号应为 8 到 32 位数字")})
    if parts[0] != subject.name:
        raise AccountUnfit(field="holder", params={"why": _("户名应与企业名称一致")})
    last = _confirmed_last(subject.pk)
    if last is not None and (last.holder, last.bank, last.number) == (*parts[:2], digits):
        return last
    kept = PayeeAccount.objects.create(
        subject=subject,
        holder=parts[0][:120],
        bank=parts[1][:120],
        number=digits,
        confirmed_by=actor.ref,
        confirmed_name=actor.name[:80],
        confirmed_at=now(),
    )
    record(
        "claims.account_confirmed",
        actor=actor.ref,
        subject=f"subject:{subject.ref}",
        payload={"account": kept.ref, "tail": kept.tail},
    )
    return kept
