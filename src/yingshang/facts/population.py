"""The made-up enterprises of the demonstration: generated, registered, and loaded source by source.

The worker does it after the first page is there; each source's file is on the desk with its state.
"""

import logging
import tempfile
from dataclasses import replace
from pathlib import Path

from django.core.files.base import File

from yingshang.facts.actions.uploads import run_upload, store_upload
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.generating import generate
from yingshang.facts.generating.writing import OWN, write_files
from yingshang.facts.loading import REGISTER, register_subjects_of
from yingshang.facts.models import FactUpload, Grade
from yingshang.facts.permissions import READ_SENSITIVE, RECORD, RECORD_ANY
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Organ
from yingshang.parties.permissions import REGISTER_SUBJECTS

SEED = 1
log = logging.getLogger(__name__)


def load_made_up(size: int, *, division: str) -> list[FactUpload]:
    """Make up so many enterprises and load their files, the register's first; return the uploads."""
    catalogue = current_catalogue()
    with tempfile.TemporaryDirectory(prefix="yingshang-made-up-") as name:
        folder = Path(name)
        write_files(generate(size, seed=SEED, as_of=today(), division=division), catalogue, folder)
        files = sorted(
            folder.iterdir(), key=lambda one: (not one.name.startswith(REGISTER), one.name)
        )
        register_subjects_of(_loader(), files[0], source=REGISTER, grade=Grade.AUTHORITATIVE)
        waiting = [(_hand_in(catalogue, file), file) for file in files]
    for upload, _file in waiting:
        run_upload(upload.pk, _speaker(catalogue, upload.source))
    log.info("loaded %s made-up enterprises from %s files", size, len(waiting))
    return [upload for upload, _file in waiting]


def _loader() -> Actor:
    return replace(
        system_actor("demo", RECORD, RECORD_ANY, READ_SENSITIVE, REGISTER_SUBJECTS), name="演示数据"
    )


def _speaker(catalogue: Catalogue, source: str) -> Actor:
    """Return who hands in a source's file for its owner organ, if it has one."""
    owner = Organ.objects.filter(key=catalogue.owner_of(source)).first()
    return replace(_loader(), organ_id=owner.pk if owner else None)


def _hand_in(catalogue: Catalogue, file: Path) -> FactUpload:
    source = file.name.partition(".")[0]
    grade = Grade.DECLARED if source == OWN and ".declared" in file.name else Grade.AUTHORITATIVE
    with file.open("rb") as opened:
        return store_upload(
            _speaker(catalogue, source),
            name=file.name,
            file=File(opened, name=file.name),
            source=source,
            grade=grade,
        )
