"""How each outside body of a case stands: worked out from the requests about it alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.procedure import Procedure
from yingshang.domains.services.applying.names import SERVICE, service_of_case
from yingshang.domains.services.catalogue.declaring import OutsideAsk
from yingshang.outside.models import Request

ASK = "services.ask_outside"
"""The effect by which a procedure asks outside bodies."""


@dataclass(frozen=True)
class Asked:
    """One thing asked for a case: by which name of its service, and every request, the latest last."""

    key: str
    declared: OutsideAsk
    requests: tuple[Request, ...]

    @property
    def latest(self) -> Request | None:
        """The request that counts now; None where nothing was asked yet."""
        return self.requests[-1] if self.requests else None

    @property
    def waits(self) -> bool:
        """Tell whether its answer is still to come."""
        return self.latest is not None and not self.latest.is_settled

    @property
    def answer(self) -> str:
        """What the body answered last: ``accepted``, ``done``, ``refused``, or nothing."""
        return self.latest.answer if self.latest is not None else ""


def about(case: Case) -> str:
    """Return what requests for a case say that they are about."""
    return f"case:{case.ref}"


def occasion_of(key: str, seq: int) -> str:
    """Return on which occasion something is asked: by its name, at an event of the case."""
    return f"{key}:{seq}"


def key_of(request: Request) -> str:
    """Return by which name a request was asked; empty for one that no service asked."""
    key, colon, _seq = request.occasion.partition(":")
    return key if colon else ""


def list_asked(case: Case) -> list[Asked]:
    """Return what the service of a case asks of outside bodies, with how it stands, as declared."""
    if SERVICE not in case.data or not asking_effects(procedure_of(case.version)):
        return []
    declared = service_of_case(case).item.outside
    found: dict[str, list[Request]] = {}
    if declared:
        for one in Request.objects.filter(about=about(case)).order_by("pk"):
            found.setdefault(key_of(one), []).append(one)
    return [Asked(key, ask, tuple(found.get(key, ()))) for key, ask in declared.items()]


def asking_effects(procedure: Procedure) -> Mapping[str, Mapping[str, object]]:
    """Return by action with which parameters a procedure asks outside bodies."""
    return {
        action.key: effect.parameters
        for action in procedure.actions
        for effect in action.effects
        if effect.do == ASK
    }
