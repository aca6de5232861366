"""Background and periodic work on licences."""

from django_tasks import task

from yingshang.kernel.errors import DomainError
from yingshang.kernel.isolating import Isolated
from yingshang.kernel.times import today
from yingshang.licences.actions.licences import expire
from yingshang.licences.actions.renditions import store_rendition
from yingshang.licences.actions.servings import deem_served
from yingshang.licences.models import Licence, Serving, ServingState
from yingshang.licences.permissions import EXPIRE, RENDER, SERVE
from yingshang.licences.renditions import claim, list_due, make, note_failure
from yingshang.licences.verifying import forget_failures
from yingshang.parties.actors import system_actor


def expire_ended() -> int:
    """Let every licence whose validity is over expire, each in a transaction of its own; return how many.

    Raises :class:`~yingshang.kernel.isolating.SomeFailed` at the end with those that could not.
    """
    actor, done, isolated = system_actor("licences-expire", EXPIRE), 0, Isolated("licences-expire")
    ended = Licence.objects.filter(
        state__in=["valid", "suspended"], valid_to__isnull=False, valid_to__lt=today()
    )
    for ref in list(ended.order_by("valid_to").values_list("ref", flat=True)):
        with isolated.part(ref):
            expire(actor, licence=ref)
            done += 1
    isolated.report()
    return done


@task()
def make_rendition(pk: int) -> None:
    """Set, seal and keep the file of one document; what is done or claimed is left alone.

    A failure is written down with the time of the next try; the sweeper starts it.
    """
    rendition = claim(pk)
    if rendition is None:
        return
    try:
        made = make(rendition)
        store_rendition(system_actor("licences-render", RENDER), rendition=pk, made=made)
    except DomainError as error:
        note_failure(rendition, error)


def sweep_renditions() -> int:
    """Start again what is due: what failed, what a dead worker held; return how many."""
    due = list_due()
    for pk in due:
        make_rendition.enqueue(pk)
    return len(due)


def deem_due() -> int:
    """Hold served what was announced long enough ago, each in a transaction of its own; return how many.

    Raises :class:`~yingshang.kernel.isolating.SomeFailed` at the end with those that could not.
    """
    actor, done = system_actor("licences-servings", SERVE), 0
    isolated = Isolated("licences-servings")
    due = Serving.objects.filter(state=ServingState.SENT, deemed_on__lte=today())
    for ref in list(due.order_by("deemed_on").values_list("ref", flat=True)):
        with isolated.part(ref):
            deem_served(actor, serving=ref)
            done += 1
    isolated.report()
    return done


def forget_guesses() -> int:
    """Remove wrong codes that no longer count."""
    return forget_failures()
