"""What is taken, what is refused, and who gets it back."""

import io
import sys
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from yingshang.documents.actions import attach, sweep, upload
from yingshang.documents.admission import MAX_SIZE
from yingshang.documents.errors import (
    AttachmentMissing,
    ContentGone,
    FileEmpty,
    FileHarmful,
    FileTooLarge,
    FileTypeRefused,
    ScannerSilent,
)
from yingshang.documents.guards import GUARDS, guard
from yingshang.documents.models import Attachment
from yingshang.documents.permissions import SWEEP
from yingshang.documents.selectors import get_attachment_for, read_content
from yingshang.documents.sniffing import DOCX, JPEG, PDF, PNG, TXT, XLSX, fitting_name, sniff
from yingshang.kernel.times import frozen, now
from yingshang.ledger.models import Entry
from yingshang.parties.actors import ANONYMOUS, Actor, NotPermitted, system_actor

pytestmark = pytest.mark.django_db

ANNA = Actor(ref="account:anna", account_id=1)
BERT = Actor(ref="account:bert", account_id=2)


def archive(*names: str, size: int = 10) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, b"\0" * size)
    return out.getvalue()


@pytest.fixture
def only_bert():
    """Holders of the sort ``trial`` may be read by Bert alone."""
    guard("trial")(lambda actor, ref: actor == BERT)
    yield
    GUARDS._things.pop("trial")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7 x", PDF),
        (b"\x89PNG\r\n\x1a\n rest", PNG),
        (b"\xff\xd8\xff\xe0 rest", JPEG),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        ("年度总结\r\n".encode(), TXT),
        ("年度总结".encode("gb18030"), TXT),
        (archive("a.txt"), None),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (b"PK\x03\x04 cut off", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF\x02", None),
        (b"text\x00with nul", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
    ],
)
def test_a_type_is_what_the_content_says(content: bytes, found) -> None:
    assert sniff(content) == found


@pytest.mark.one_database
def test_what_unpacks_to_far_too_much_is_no_document() -> None:
    assert sniff(archive("[Content_Types].xml", "word/document.xml", size=110 * 2**20)) is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("报告.pdf", "报告.pdf"),
        ("C:\\x\\..\\报告.PDF", "报告.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("evil.exe", "evil.exe.pdf"),
        ("a\r\nb\u202e.pdf", "ab.pdf"),
        ("...", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 156 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless_and_ends_with_its_type(name: str, kept: str) -> None:
    assert fitting_name(name, PDF) == kept


def test_a_file_is_kept_by_its_digest_and_recorded() -> None:
    first = upload(ANNA, name="a.pdf", content=b"%PDF-1.7 a")
    second = upload(BERT, name="b.pdf", content=b"%PDF-1.7 a")
    assert first.place == second.place
    assert read_content(first) == b"%PDF-1.7 a"
    assert not first.scanned
    assert Entry.objects.filter(kind="documents.uploaded").count() == 2


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (b"%PDF-" + b"x" * MAX_SIZE, FileTooLarge),
        (archive("a.txt"), FileTypeRefused),
    ],
)
def test_what_is_not_taken_leaves_nothing(content: bytes, error) -> None:
    with pytest.raises(error):
        upload(ANNA, name="x.pdf", content=content)
    assert not Attachment.objects.exists()


def test_nobody_unknown_uploads() -> None:
    with pytest.raises(NotPermitted):
        upload(ANONYMOUS, name="a.pdf", content=b"%PDF-1.7")


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())", FileHarmful),
        ("import sys; sys.exit(2)", ScannerSilent),
    ],
)
def test_a_scanner_is_asked_and_obeyed(settings, program: str, error) -> None:
    settings.SCAN_COMMAND = f'{sys.executable} -c "{program}"'
    with pytest.raises(error):
        upload(ANNA, name="a.txt", content=b"EICAR")
    assert not Attachment.objects.exists()


def test_a_clean_file_says_that_it_was_scanned(settings) -> None:
    settings.SCAN_COMMAND = "true"
    assert upload(ANNA, name="a.txt", content=b"x").scanned
    settings.SCAN_COMMAND = "/nonexistent"
    with pytest.raises(ScannerSilent):
        upload(ANNA, name="a.txt", content=b"x")


def test_it_is_read_by_who_may_read_what_it_belongs_to(only_bert) -> None:
    made = upload(ANNA, name="a.txt", content=b"x")
    assert get_attachment_for(ANNA, made.ref) == made
    for other in (BERT, ANONYMOUS):
        with pytest.raises(AttachmentMissing):
            get_attachment_for(other, made.ref)
    with pytest.raises(AttachmentMissing):
        attach(BERT, [made.ref], "trial:1")
    attach(ANNA, [made.ref, made.ref], "trial:1")
    assert get_attachment_for(BERT, made.ref) == made
    with pytest.raises(AttachmentMissing):
        get_attachment_for(ANNA, made.ref)


def test_a_sort_without_a_guard_is_read_by_nobody() -> None:
    made = upload(ANNA, name="a.txt", content=b"x")
    attach(ANNA, [made.ref], "nothing:1")
    with pytest.raises(AttachmentMissing):
        get_attachment_for(ANNA, made.ref)


def test_content_that_was_exchanged_on_disk_is_not_handed_out() -> None:
    made = upload(ANNA, name="a.txt", content=b"to be exchanged")
    with default_storage.open(made.place, "wb") as file:
        file.write(b"something else")
    with pytest.raises(ContentGone):
        read_content(made)
    default_storage.delete(made.place)
    with pytest.raises(ContentGone):
        read_content(made)


def test_what_is_attached_to_nothing_goes_after_a_day(only_bert) -> None:
    with frozen(now() - timedelta(hours=25)):
        old = upload(ANNA, name="a.txt", content=b"old")
        kept = upload(ANNA, name="b.txt", content=b"kept")
        attach(ANNA, [kept.ref], "trial:1")
    fresh = upload(ANNA, name="c.txt", content=b"fresh")
    sweeper = system_actor("tester", SWEEP)
    assert sweep(sweeper) == 1
    assert set(Attachment.objects.all()) == {kept, fresh}
    assert not default_storage.exists(old.place)
    assert default_storage.exists(kept.place)
    assert sweep(sweeper) == 0


def test_the_download_asks_for_a_login(client: Client) -> None:
    made = upload(ANNA, name="a.txt", content=b"x")
    response = client.get(f"/attachments/{made.ref}/")
    assert response.status_code == 302
    assert "/login/" in response["Location"]
    assert client.post(f"/attachments/{made.ref}/").status_code == 405
