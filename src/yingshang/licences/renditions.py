"""Files made from records after the transaction: asked for inside it, made once, tried again, swept up.

Whoever makes a record asks for its rendition in the same transaction. A task sets and seals the file
outside of any transaction and then stores it under a lock; two workers may do the work, one keeps it.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q

from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import now
from yingshang.licences.errors import RenditionGone, RenditionWaiting
from yingshang.licences.models import Rendition, RenditionState, Seal
from yingshang.licences.papers import Paper, paper_of
from yingshang.licences.rendering import render
from yingshang.licences.sealing import put_seal
from yingshang.licences.seals import usable_seal
from yingshang.parties.actors import Actor

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)
"""How long a worker may take before another one tries."""

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=15)


@dataclass(frozen=True)
class Made:
    """A sealed file and the seal on it."""

    paper: Paper
    seal: Seal
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the digest of the file in hexadecimal."""
        return sha256(self.content).hexdigest()


def request_rendition(actor: Actor, document: str) -> Rendition:
    """Ask for the file of a document inside the caller's transaction; asked twice it is made once."""
    from yingshang.licences.tasks import make_rendition

    moment = now()
    rendition, made = Rendition.objects.get_or_create(
        document=document,
        defaults={
            "requested_by": actor.ref,
            "requested_name": actor.name[:80],
            "requested_at": moment,
            "next_try_at": moment,
        },
    )
    if made:
        make_rendition.enqueue(rendition.pk)
    return rendition


def claim(pk: int) -> Rendition | None:
    """Take a waiting rendition for this worker; None where it is done or somebody is at it."""
    moment = now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=moment - CLAIM)
    mine = Rendition.objects.filter(free, pk=pk, state=RenditionState.WAITING)
    if not mine.update(claimed_at=moment):
        return None
    return Rendition.objects.get(pk=pk)


def make(rendition: Rendition) -> Made:
    """Set and seal the file; raises what goes wrong as a ``DomainError``. Call it outside transactions."""
    paper = paper_of(rendition.document)
    seal = usable_seal(paper.organ, paper.template.seal_kind)
    content = put_seal(render(paper), seal, paper.template.seal_at, paper.title)
    return Made(paper, seal, content)


def put_away(made: Made) -> None:
    """Keep a file by its digest."""
    place = Rendition(sha256=made.sha256).place
    if not default_storage.exists(place):
        default_storage.save(place, ContentFile(made.content))


def note_failure(rendition: Rendition, error: DomainError) -> None:
    """Write down what went wrong and when to try again, twice as late each time; give up after some."""
    rendition.attempts += 1
    rendition.error = str(error)[:300]
    rendition.claimed_at = None
    rendition.next_try_at = now() + FIRST_PAUSE * 2**rendition.attempts
    if rendition.attempts >= MOST_ATTEMPTS:
        rendition.state = RenditionState.FAILED
    rendition.save(update_fields=["attempts", "error", "claimed_at", "next_try_at", "state"])
    log.warning("rendition %s of %s: %s", rendition.ref, rendition.document, error)


def list_due() -> list[int]:
    """Return the renditions that nobody is at and whose time has come."""
    moment = now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=moment - CLAIM)
    waiting = Rendition.objects.filter(free, state=RenditionState.WAITING, next_try_at__lte=moment)
    return list(waiting.order_by("next_try_at").values_list("pk", flat=True)[:200])


def find_rendition(document: str) -> Rendition | None:
    """Return the rendition of a document that the caller may read."""
    return Rendition.objects.filter(document=document).select_related("seal").first()


def read_file(document: str) -> bytes:
    """Return the sealed file of a document that the caller may read.

    Raises ``RenditionWaiting`` while it is being made, ``RenditionGone`` unless its digest is still that
    which the seal's log has.
    """
    rendition = find_rendition(document)
    if rendition is None or rendition.state != RenditionState.DONE:
        raise RenditionWaiting
    try:
        with default_storage.open(rendition.place) as file:
            content: bytes = file.read()
    except OSError as error:
        raise RenditionGone from error
    if sha256(content).hexdigest() != rendition.sha256:
        raise RenditionGone
    return content
