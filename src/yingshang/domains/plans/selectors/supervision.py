"""Supervision batches, for the supervisors: the pool, the draw that anybody can make again, the findings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from yingshang.cases.permissions import READ_ALL
from yingshang.domains.plans.errors import BatchMissing
from yingshang.domains.plans.models.work import Finding, SupervisedTask, SupervisionBatch
from yingshang.domains.plans.permissions import SUPERVISE
from yingshang.draws.drawing import draw_record
from yingshang.draws.models import Commitment, Result
from yingshang.kernel.sortition import key_of
from yingshang.parties.actors import Actor


def list_batches_for(actor: Actor) -> QuerySet[SupervisionBatch]:
    """Return the batches of the actor's organ, or of all for who reads everything, with counts."""
    actor.require(SUPERVISE)
    batches = SupervisionBatch.objects.select_related("document", "organ")
    if not actor.may(READ_ALL):
        batches = batches.filter(organ=actor.organ_id)
    return batches.annotate(
        pool_count=Count("pool", distinct=True),
        drawn_count=Count("pool", filter=Q(pool__drawn__isnull=False), distinct=True),
        visit_count=Count("pool__visit", distinct=True),
        finding_count=Count("pool__findings", distinct=True),
        open_count=Count(
            "pool__findings", filter=Q(pool__findings__case__closed_at=None), distinct=True
        ),
    )


def get_batch_for(actor: Actor, ref: str) -> SupervisionBatch:
    """Return one batch; raises :class:`BatchMissing`."""
    batch = list_batches_for(actor).filter(ref=ref).first()
    if batch is None:
        raise BatchMissing
    return batch


def pool_of(batch: SupervisionBatch) -> list[SupervisedTask]:
    """Return the pool in its committed order."""
    return list(batch.pool.select_related("task__case__holder").order_by("place"))


def drawn_of(batch: SupervisionBatch) -> list[SupervisedTask]:
    """Return what was drawn, in the order drawn, with visits and findings."""
    findings = Finding.objects.select_related("case__version", "case__holder").order_by("order")
    return list(
        batch.pool.filter(drawn__isnull=False)
        .select_related("visit", "task__case__version", "task__case__holder")
        .prefetch_related(Prefetch("findings", findings))
        .order_by("drawn")
    )


@dataclass(frozen=True)
class ShownDraw:
    """A draw with everything that somebody needs to make it again."""

    commitment: Commitment
    result: Result | None

    @property
    def pick(self) -> int:
        """Return how many are drawn."""
        return int(self.commitment.strata[0]["pick"])

    @property
    def size(self) -> int:
        """Return how many there are to draw from."""
        return len(self.commitment.strata[0]["members"])

    @property
    def sources(self) -> list[dict[str, Any]]:
        """Return the announced sources, with their numbers once they are known."""
        numbers = self.result.numbers if self.result else [[] for _ in self.commitment.sources]
        return [
            {**source, "numbers": " ".join(map(str, shown))}
            for source, shown in zip(self.commitment.sources, numbers, strict=True)
        ]

    @property
    def last_day(self) -> date:
        """Return the day from which the draw can be made."""
        return date.fromisoformat(max(source["on"] for source in self.commitment.sources))

    @property
    def key(self) -> str:
        """Return the key that the numbers give, nothing before they are known."""
        return key_of(self.result.numbers) if self.result else ""

    @property
    def numbers_file(self) -> str:
        """Return the file that the command line reads: one source a line."""
        return "\n".join(source["numbers"] for source in self.sources)

    @property
    def command(self) -> str:
        """Return the command line that makes the draw again."""
        method = self.commitment.method
        return f"yingshang draw --sources numbers.txt --pool {self.size} --pick {self._order_length} --method {method}"

    @property
    def _order_length(self) -> int:
        """Return how many of the order must be drawn to pass over those recused."""
        return self.pick + (len(self.result.excluded) if self.result else 0)


def draw_of(batch: SupervisionBatch) -> ShownDraw:
    """Return the draw of a batch that the caller got by a selector, with its latest result."""
    commitment = Commitment.objects.get(ref=batch.draw)
    return ShownDraw(commitment, commitment.results.order_by("-pk").first())


def record_of(batch: SupervisionBatch) -> dict[str, Any]:
    """Return the published record of a batch's draw; raises :class:`BatchMissing` before it is made."""
    shown = draw_of(batch)
    if shown.result is None:
        raise BatchMissing
    return draw_record(shown.result)
