"""What ``yingshang facts load`` and ``snapshot`` do once the framework runs."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yingshang.cli.planning import AccountUnknown
from yingshang.facts.actions.loading import load_file
from yingshang.facts.actions.recording import AUTHORITATIVE, OWN_SOURCE, state_completeness
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.declaring import Absence
from yingshang.facts.loading import REGISTER, register_subjects_of, source_of
from yingshang.facts.loading_files import FileUnreadable, open_table
from yingshang.facts.permissions import READ, READ_SENSITIVE, RECORD, RECORD_ANY
from yingshang.facts.relation_files import load_relations, says_relations
from yingshang.facts.snapshots import write_logged_snapshot
from yingshang.facts.staging import Progress, stage
from yingshang.facts.tasks import snapshot_path
from yingshang.ledger.sequencing import sequence_now
from yingshang.parties.actors import Actor, Assurance, system_actor
from yingshang.parties.models import Account
from yingshang.parties.permissions import REGISTER_SUBJECTS
from yingshang.parties.selectors import actor_for


def loader(username: str) -> Actor:
    """Return the account's actor, or without a name the command itself; raises ``AccountUnknown``."""
    if not username:
        return system_actor("facts-load", RECORD, RECORD_ANY, READ_SENSITIVE, REGISTER_SUBJECTS)
    found = Account.objects.select_related("person").filter(username=username, is_active=True)
    account = found.first()
    if account is None:
        raise AccountUnknown(params={"username": username})
    return actor_for(account, None, Assurance.PASSWORD)


DECLARED = "self.declared"


@dataclass(frozen=True)
class Wanted:
    """How files are to be loaded."""

    source: str = ""
    grade: str = ""
    valid_from: date | None = None
    complete_to: date | None = None
    register: bool = False


def load_path(
    path: Path, wanted: Wanted, *, username: str, progress: Progress
) -> Iterator[dict[str, Any]]:
    """Load a file, or every file of a folder with the register first; yield a report for each.

    Raises what reading and recording raise; files loaded before stay loaded.
    """
    actor = loader(username)
    files = _files_of(path)
    if wanted.register:
        source, grade = _said_by(files[0], wanted)
        register_subjects_of(actor, files[0], source=source, grade=grade)
    for file in files:
        yield _load(actor, file, wanted, progress)
    sequence_now()


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = [one for one in path.iterdir() if one.suffix in (".csv", ".xlsx", ".parquet")]
    if not files:
        raise FileUnreadable(params={"name": str(path), "why": "文件夹里没有 csv、xlsx 或 parquet"})
    return sorted(files, key=lambda one: (not one.name.startswith(REGISTER), one.name))


def _said_by(file: Path, wanted: Wanted) -> tuple[str, str]:
    """Return the source (none: what its columns say) and grade of a file."""
    if file.name.startswith(f"{DECLARED}."):
        return wanted.source or OWN_SOURCE, wanted.grade or "declared"
    return wanted.source, wanted.grade or AUTHORITATIVE


def _load(actor: Actor, file: Path, wanted: Wanted, progress: Progress) -> dict[str, Any]:
    begun = time.perf_counter()
    with open_table(file) as table:
        is_about_relations = says_relations(table.header)
    if is_about_relations:
        report = load_relations(actor, file, progress=progress)
        return {**report, "seconds": round(time.perf_counter() - begun, 1)}
    catalogue = current_catalogue()
    source, grade = _said_by(file, wanted)
    with tempfile.TemporaryDirectory(prefix="yingshang-facts-") as folder:
        staged = stage(
            file,
            Path(folder),
            catalogue,
            grade=grade,
            valid_from=wanted.valid_from,
            progress=progress,
        )
        source = source or source_of(staged.keys, catalogue)
        loaded = load_file(actor, staged=staged, source=source, progress=progress)
    keys = tuple(
        key
        for key in staged.keys
        if catalogue.types[key].source == source
        and isinstance(catalogue.types[key].absence, Absence)
    )
    if wanted.complete_to is not None and keys:
        state_completeness(actor, source=source, complete_to=wanted.complete_to, keys=keys)
    return {**loaded.as_json(), "seconds": round(time.perf_counter() - begun, 1)}


def write_one_snapshot(
    out: Path | None,
    *,
    as_of: date,
    namespace: str,
    purpose: str,
    ground: str,
    progress: Progress,
) -> dict[str, Any]:
    """Write a snapshot, logged as a reading first, and return what ``--json`` prints."""
    begun = time.perf_counter()
    path = out or snapshot_path(as_of, namespace)
    if out is None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    subjects, columns = write_logged_snapshot(
        system_actor("facts-snapshot", READ, READ_SENSITIVE),
        path,
        as_of=as_of,
        namespace=namespace,
        purpose=purpose,
        ground=ground,
        progress=progress,
    )
    sequence_now()
    return {
        "file": str(path),
        "subjects": subjects,
        "columns": columns,
        "as_of": as_of.isoformat(),
        "seconds": round(time.perf_counter() - begun, 1),
    }
