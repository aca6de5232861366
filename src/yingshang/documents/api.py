"""Files as programs hand them in and fetch them."""

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.documents.actions import upload
from yingshang.documents.models import Attachment
from yingshang.documents.selectors import get_attachment_for, read_content
from yingshang.parties.actors import Actor
from yingshang.web.access import SignedIn
from yingshang.web.operations import Answer, Download, read, write

FILES = _("文件")


class FileRead(Answer):
    """A file: its type was found by its content, ``sha256`` is in hexadecimal."""

    ref: str
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: datetime


def file_of(_actor: Actor, found: Attachment) -> FileRead:
    """Return what is told of a file."""
    return FileRead(
        ref=found.ref,
        name=found.name,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        uploaded_at=found.uploaded_at,
    )


write(
    "POST",
    "files",
    upload,
    tag=FILES,
    summary=_("上传文件，之后用它的编号引用"),
    show=file_of,
    status=201,
    binary="content",
    bounds={"name": Annotated[str, Field(min_length=1, max_length=120)]},
)


@read("files/<str:file>", name="files.get", access=SignedIn(), tag=FILES, summary=_("文件信息"))
def one_file(actor: Actor, file: str) -> FileRead:
    """Show what is known of a file."""
    return file_of(actor, get_attachment_for(actor, file))


@read(
    "files/<str:file>/content",
    name="files.content",
    access=SignedIn(),
    tag=FILES,
    summary=_("下载文件"),
)
def content(actor: Actor, file: str) -> Download:
    """Send a file."""
    found = get_attachment_for(actor, file)
    return Download(read_content(found), found.name)
