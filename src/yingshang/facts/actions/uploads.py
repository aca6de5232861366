"""Handing in a file of facts on a page; a worker loads it under the rights of who handed it in."""

import hashlib
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from yingshang.facts.access import answers_for
from yingshang.facts.actions.loading import load_file
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import FileTooLarge, NotAuthoritative, RightsEnded
from yingshang.facts.loading_files import open_table
from yingshang.facts.models import FactLoad, FactUpload, Grade, UploadState
from yingshang.facts.permissions import RECORD
from yingshang.facts.relation_files import load_relations, says_relations
from yingshang.facts.staging import stage
from yingshang.kernel.errors import DomainError
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor, Assurance
from yingshang.parties.models import Account, Organ
from yingshang.parties.selectors import actor_for

MOST_MEGABYTES = 60
"""What the page takes; a larger file is loaded by the command."""
MOST_ATTEMPTS = 2
_FOLDER = "fact-uploads"
_TOLD_EVERY = 20_000


@action("facts.hand_in_file", permission=RECORD, in_parts=True)
def hand_in_file(
    actor: Actor,
    *,
    name: str,
    file: "File[bytes]",
    source: str,
    grade: Grade = Grade.AUTHORITATIVE,
) -> FactUpload:
    """Keep a file and let a worker load it; the same file again is the upload that there is.

    Unless loading it again may come to something else: what it said was not all taken, or its source
    said something since. Raises ``NoSuchSource``, ``NotAuthoritative``, ``FileTooLarge``.
    """
    catalogue = current_catalogue()
    catalogue.source(source)
    if not answers_for(actor, catalogue, source):
        label = catalogue.sources[source].label
        raise NotAuthoritative(field="source", params={"label": label, "source": label})
    if file.size > MOST_MEGABYTES * 2**20:
        raise FileTooLarge(field="file", params={"limit": MOST_MEGABYTES})
    with transaction.atomic():
        upload = store_upload(actor, name=name, file=file, source=source, grade=grade)
        transaction.on_commit(lambda: _enqueue(upload.pk))
    return upload


def store_upload(
    actor: Actor, *, name: str, file: "File[bytes]", source: str, grade: Grade
) -> FactUpload:
    """Keep a file that somebody loads; whoever calls it has asked for the permission.

    Raises ``AlreadyDone`` where there is an upload that makes it needless; its file is not kept then.
    """
    ref, size, digest = new_ref(), file.size, _digest_of(file)
    upload = FactUpload(
        ref=ref,
        name=name[:200],
        place=default_storage.save(f"{_FOLDER}/{ref}", file),
        size=size,
        digest=digest,
        source=source,
        grade=grade,
        uploaded_by=actor.ref,
        uploaded_name=actor.name[:80],
        organ_id=actor.organ_id,
    )
    try:
        with transaction.atomic():
            _keep(actor, upload)
    except BaseException:
        default_storage.delete(upload.place)
        raise
    return upload


def _keep(actor: Actor, upload: FactUpload) -> None:
    """Store a file's upload; raises ``AlreadyDone`` where there is one that makes it needless."""
    same = _same_upload(actor, upload.digest, upload.source, upload.grade)
    if same is not None:
        raise AlreadyDone(same)
    upload.save(force_insert=True)
    record(
        "facts.file_handed_in",
        actor=actor.ref,
        subject=f"fact-upload:{upload.ref}",
        payload={
            "name": upload.name,
            "size": upload.size,
            "source": upload.source,
            "grade": upload.grade,
        },
    )


def sweep_uploads() -> int:
    """Throw away kept files that no upload waits for, once they are a day old; return how many.

    Whoever was handing them in died before it was written down, or the worker before it threw them away.
    """
    if not default_storage.exists(_FOLDER):
        return 0
    waiting = FactUpload.objects.filter(finished_at=None).values_list("place", flat=True)
    files = [f"{_FOLDER}/{name}" for name in default_storage.listdir(_FOLDER)[1]]
    old = now() - timedelta(days=1)
    lost = [
        file
        for file in sorted(set(files) - set(waiting))
        if default_storage.get_modified_time(file) < old
    ]
    for file in lost:
        default_storage.delete(file)
    return len(lost)


def _digest_of(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _same_upload(actor: Actor, digest: str, source: str, grade: str) -> FactUpload | None:
    """Return the upload by the actor's organ that makes another of the same file needless."""
    list(Organ.objects.select_for_update(no_key=True).filter(pk=actor.organ_id or 0))
    same = FactUpload.objects.filter(
        organ=actor.organ_id, digest=digest, source=source, grade=grade
    ).exclude(state=UploadState.REFUSED)
    last = same.order_by("-pk").first()
    if last is None or last.state != UploadState.DONE:
        return last
    said_since = FactLoad.objects.filter(source=source, recorded_at__gt=last.uploaded_at)
    is_all = not (last.report or {}).get("problems")
    return last if is_all and not said_since.exclude(pk=last.load_id or 0).exists() else None


def _enqueue(pk: int) -> None:
    from yingshang.facts.tasks import load_upload

    load_upload.enqueue(pk)


def run_upload(pk: int, actor: Actor | None = None) -> None:
    """Load what was handed in and write down what came of it; what is finished stays as it is.

    It is loaded under the rights of who handed it in, or as ``actor``.

    A refusal is the upload's outcome, not an error of the worker. Safe to run twice: loading the same
    file again changes nothing. A file over which two workers died is given up before it kills a third,
    the last that the queue would send.
    """
    upload = FactUpload.objects.get(pk=pk)
    if upload.state in (UploadState.DONE, UploadState.REFUSED):
        return
    if upload.attempts >= MOST_ATTEMPTS:
        give_up(pk)
        return
    _update(upload, state=UploadState.RUNNING, attempts=upload.attempts + 1)
    try:
        report = _load(upload, actor or actor_of(upload))
    except DomainError as error:
        _update(upload, state=UploadState.REFUSED, why=str(error)[:500], finished_at=now())
    else:
        load = report.pop("row")
        _update(upload, state=UploadState.DONE, report=report, load=load, finished_at=now())
    default_storage.delete(upload.place)


def give_up(pk: int) -> None:
    """Write down that a file could not be loaded for a fault of the program; nothing of it was recorded."""
    upload = FactUpload.objects.get(pk=pk)
    if upload.state in (UploadState.DONE, UploadState.REFUSED):
        return
    why = gettext("系统处理时出错，文件没有导入。请稍后重新上传；仍不成功请联系管理员。")
    _update(upload, state=UploadState.REFUSED, why=why, finished_at=now())
    default_storage.delete(upload.place)


def _load(upload: FactUpload, actor: Actor) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="yingshang-facts-") as folder:
        copy = Path(folder) / "file"
        with default_storage.open(upload.place) as kept, copy.open("wb") as out:
            while chunk := kept.read(1 << 20):
                out.write(chunk)
        progress = _progress_of(upload)
        with open_table(copy, upload.name) as table:
            is_about_relations = says_relations(table.header)
        if is_about_relations:
            report = load_relations(actor, copy, name=upload.name, progress=progress)
            return {**report, "row": None}
        staged = stage(
            copy,
            Path(folder),
            current_catalogue(),
            name=upload.name,
            grade=upload.grade,
            progress=progress,
        )
        _update(upload, phase="write", done=0, total=staged.values)
        loaded = load_file(actor, staged=staged, source=upload.source)
    return {**loaded.as_json(), "row": loaded.load}


def actor_of(upload: FactUpload) -> Actor:
    """Return who handed in a file with the rights of today; raises ``RightsEnded``."""
    account_ref, _, mandate = upload.uploaded_by.removeprefix("account:").partition("/mandate:")
    account = Account.objects.select_related("person").filter(ref=account_ref, is_active=True)
    found = account.first()
    actor = actor_for(found, mandate, Assurance.PASSWORD) if found else None
    if actor is None or actor.ref != upload.uploaded_by:
        raise RightsEnded
    return actor


def _progress_of(upload: FactUpload) -> Callable[[str, int, int], None]:
    """Return a teller that writes now and then how far the reading has come."""
    last = 0

    def told(phase: str, done: int, total: int) -> None:
        nonlocal last
        if done - last >= _TOLD_EVERY or not last:
            last = done
            _update(upload, phase=phase, done=done, total=max(total, done))

    return told


def _update(upload: FactUpload, **changes: Any) -> None:
    FactUpload.objects.filter(pk=upload.pk).update(**changes)
