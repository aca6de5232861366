"""That an enterprise has read a text: what the look-back knows of who knows it."""

from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import TextReading
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor


@action("policies.note_reading", permission=ANYONE_SIGNED_IN)
def note_reading(actor: Actor, *, text: str) -> None:
    """Note that an enterprise opened a text for the first time; nobody else's reading is noted.

    Raises ``NoSuchText``.
    """
    found = current_library().get(text)
    if actor.subject_id is None:
        raise AlreadyDone(None)
    _reading, is_new = TextReading.objects.get_or_create(
        text=found.key, subject_id=actor.subject_id
    )
    if not is_new:
        raise AlreadyDone(None)
    record(
        "policies.text_read",
        actor=actor.ref,
        subject=f"policy_text:{found.key}",
        payload={"subject": actor.subject_id},
    )
