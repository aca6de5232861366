"""Noting that an enterprise did what the news of a policy was for."""

from yingshang.domains.matching.closing import ABOUT as CLOSING_ABOUT
from yingshang.domains.matching.closing import list_closing
from yingshang.domains.matching.files import stored_spells
from yingshang.domains.matching.models import MatchRun, RunPolicy
from yingshang.domains.matching.standing import newest_run
from yingshang.domains.matching.telling import ABOUT
from yingshang.kernel.times import today
from yingshang.messages.actions import mark_acted
from yingshang.parties.models import Subject


def note_claimed(subject: Subject, policy: str) -> None:
    """Note in the caller's transaction that an enterprise applied or confirmed under a policy.

    The message that told it of the policy, and reminders of its last day, count as acted on; the
    caller records what was done.
    """
    run = newest_run()
    found = RunPolicy.objects.filter(run=run, policy=policy).first() if run else None
    if run is not None and found is not None:
        spells = stored_spells(run.ref).at(found.place)
        place = spells.place_of(subject.pk)
        sequence = 0 if place is None else int(spells.told[place])
        for ref in MatchRun.objects.filter(sequence=sequence).values_list("ref", flat=True):
            mark_acted(f"{ABOUT}:{ref}", subject)
    for until in {one.until for one in list_closing(today(), subject.pk) if one.policy == policy}:
        mark_acted(f"{CLOSING_ABOUT}:{until.isoformat()}", subject)
