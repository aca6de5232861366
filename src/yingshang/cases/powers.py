"""The register of delegated powers: who may decide what on the spot, and since when, until when.

A procedure's ``by`` says with ``power`` what must have been delegated. The power counts where the organ
that holds the case granted it, to the actor's organ, to the actor, or to the actor for that organ, for
this procedure and action or for any; on the day on which it is used.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yingshang.cases.errors import PowerEnded, PowerMissing, PowerUnknown
from yingshang.cases.models import Case, Power
from yingshang.cases.permissions import GRANT_POWERS, READ_ALL
from yingshang.cases.procedure import CaseAction, Procedure
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Mandate, Person, valid_on
from yingshang.web.dates import day_text

FIELD = "case."


def scope_of(case: Case, power: str) -> str:
    """Return the key of the power that a ``by`` asks for in this case."""
    return str(case.data.get(power[len(FIELD) :], "")) if power.startswith(FIELD) else power


def find_power(actor: Actor, case: Case, action: CaseAction, scope: str) -> Power | None:
    """Return a power in force under which the actor may do ``action``, or None."""
    in_force = _given_to(actor, case, action, scope).filter(valid_on(today()), revoked_at=None)
    return in_force.order_by("pk").first()


def refuse_without_power(actor: Actor, case: Case, action: CaseAction, scope: str) -> None:
    """Raise :class:`PowerEnded` where there was a power, :class:`PowerMissing` where there was none."""
    params = {"scope": scope, "action": action.label}
    last = _given_to(actor, case, action, scope).order_by("-pk").first()
    if last is None:
        raise PowerMissing(params=params)
    raise PowerEnded(params=params | {"why": why_not_in_force(last)})


def why_not_in_force(power: Power) -> str:
    """Say why a power does not count today; empty where it does."""
    day = today()
    if power.revoked_at is not None:
        return _("已于 %(day)s 撤回") % {"day": day_text(power.revoked_at)}
    if power.valid_to is not None and power.valid_to < day:
        return _("已于 %(day)s 到期") % {"day": day_text(power.valid_to)}
    if power.valid_from is not None and power.valid_from > day:
        return _("自 %(day)s 起才生效") % {"day": day_text(power.valid_from)}
    return ""


def _given_to(actor: Actor, case: Case, action: CaseAction, scope: str) -> QuerySet[Power]:
    if actor.organ_id is None or not scope:
        return Power.objects.none()
    mine = Q(organ_id=actor.organ_id, person=None) | Q(
        organ_id=actor.organ_id, person_id=actor.person_id
    )
    if actor.person_id is not None:
        mine |= Q(organ=None, person_id=actor.person_id)
    return Power.objects.filter(
        mine,
        scope=scope,
        grantor_id=case.holder_id,
        procedure__in=("", case.procedure),
        action__in=("", action.key),
    )


def list_powers_for(actor: Actor) -> QuerySet[Power]:
    """Return the powers that the actor's organ granted or was given, the newest first.

    Whoever may read all cases sees all of them.
    """
    powers = Power.objects.select_related("grantor", "organ", "person")
    if not actor.may(READ_ALL):
        if actor.organ_id is None:
            return Power.objects.none()
        powers = powers.filter(
            Q(grantor_id=actor.organ_id) | Q(organ_id=actor.organ_id) | Q(person_id=actor.person_id)
        )
    return powers.order_by("-pk")


def get_power_for(actor: Actor, ref: str) -> Power:
    """Return a power that the actor's organ granted; raises :class:`PowerUnknown` for any other."""
    found = list_powers_for(actor).filter(ref=ref, grantor_id=actor.organ_id).first()
    if found is None:
        raise PowerUnknown
    return found


def scopes_asked_for(procedure: Procedure) -> frozenset[str]:
    """Return what a procedure's actions ask for as a delegated power, as written there."""
    return frozenset(by.power for action in procedure.actions for by in action.by if by.power)


def list_powers_over(case: Case, procedure: Procedure) -> list[Power]:
    """Return the powers in force under which a case can be decided on the spot."""
    scopes = {scope_of(case, asked) for asked in scopes_asked_for(procedure)} - {""}
    if not scopes:
        return []
    powers = Power.objects.filter(
        valid_on(today()),
        scope__in=scopes,
        grantor_id=case.holder_id,
        procedure__in=("", case.procedure),
        revoked_at=None,
    )
    return list(powers.select_related("grantor", "organ", "person").order_by("pk"))


def list_colleagues(actor: Actor) -> QuerySet[Person]:
    """Return the people who act for the actor's organ today, to whom a power can be given."""
    if actor.organ_id is None:
        return Person.objects.none()
    held = Mandate.objects.filter(valid_on(today()), organ_id=actor.organ_id, revoked_at=None)
    return Person.objects.filter(pk__in=held.values("person_id")).order_by("name", "pk")


def may_revoke(actor: Actor, power: Power) -> bool:
    """Tell whether the actor's organ granted the power and may take it back."""
    granted = power.grantor_id == actor.organ_id and power.revoked_at is None
    return granted and actor.may(GRANT_POWERS)
