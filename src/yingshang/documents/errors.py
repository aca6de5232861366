"""Conditions about documents."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Invalid, Missing, Unavailable


class AttachmentMissing(Missing):
    """There is no such attachment, as far as the actor may know."""

    code = "attachment_missing"
    message = _("没有找到这个附件，或您没有查看它的权限。")


class FileTooLarge(Invalid):
    """The file is larger than is taken."""

    code = "file_too_large"
    message = _("“%(name)s”超过 %(limit)s MB，请压缩或拆分后上传。")


class FileEmpty(Invalid):
    """The file has no content."""

    code = "file_empty"
    message = _("“%(name)s”是空文件。")


class FileTypeRefused(Invalid):
    """The content is none of the types that are taken."""

    code = "file_type_refused"
    message = _("“%(name)s”的内容不是可以接收的类型；可上传 PDF、PNG、JPEG、DOCX、XLSX、TXT。")


class FileHarmful(Invalid):
    """The scanner found something in the file."""

    code = "file_harmful"
    message = _("“%(name)s”没有通过安全检查，不能上传。")


class ScannerSilent(Unavailable):
    """The scanner does not answer; nothing is taken unscanned where one is set up."""

    code = "scanner_silent"
    message = _("安全检查暂时不可用，请稍后再上传。")


class ContentGone(Conflict):
    """The record is there but the content is not what was handed in."""

    code = "content_gone"
    message = _("附件内容缺失或已损坏，请联系管理员。")
