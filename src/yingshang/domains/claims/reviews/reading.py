"""Experts read what they judge: the submissions of the claims in their panel, while they score."""

from yingshang.domains.claims.models import Seat
from yingshang.forms.access import READERS
from yingshang.forms.models import Submission
from yingshang.parties.actors import Actor


@READERS.named("claims.experts")
def expert_reads(actor: Actor, submission: Submission) -> bool:
    """Let an expert read the submission of a claim that is under review in a panel where it has a seat."""
    if actor.person_id is None or not submission.purpose.startswith("claims:"):
        return False
    return Seat.objects.filter(
        expert__person=actor.person_id,
        recused_at=None,
        closed_at=None,
        panel__listed__claims__case__data__submission=submission.name,
        panel__listed__case__state="scoring",
    ).exists()
