"""Which runs can still be read: those that are kept and whose files lie here."""

from datetime import date

from yingshang.domains.matching import files
from yingshang.domains.matching.models import MatchRun


def is_readable(run: MatchRun) -> bool:
    """Tell whether a run is kept and its files are there."""
    return run.is_kept and files.are_there(run.ref)


def is_shrunk(subjects: int, last: MatchRun) -> bool:
    """Tell whether a snapshot has less than four fifths of the enterprises of the last run."""
    return 5 * subjects < 4 * last.subjects


def newest_run(as_of: date | None = None) -> MatchRun | None:
    """Return the last run (as of a day or before it) where it can be read, else None."""
    runs = MatchRun.objects.filter(is_kept=True).order_by("-sequence")
    run = (runs.filter(as_of__lte=as_of) if as_of else runs).first()
    return run if run is not None and is_readable(run) else None
