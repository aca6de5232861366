"""Refusals of plan governance; each says what to do next."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Invalid, Missing, Unavailable


class PlanMissing(Missing):
    """There is no such plan, as far as this actor may know."""

    code = "plan_missing"
    message = _("没有找到这份方案。它可能尚未公开，或地址有误；请从方案列表进入。")


class MeasureMissing(Missing):
    """There is no such measure, as far as this actor may know."""

    code = "measure_missing"
    message = _("没有找到这条举措。请从方案页面进入。")


class DraftMissing(Missing):
    """There is no such import draft."""

    code = "draft_missing"
    message = _("没有找到这份导入草稿。请从导入列表进入。")


class FileTooLarge(Invalid):
    """The uploaded file is larger than the limit."""

    code = "file_too_large"
    message = _("文件超过 %(limit)s MB。请去掉图片等附件后重新上传。")


class FileTypeUnknown(Invalid):
    """The file's content is none of the accepted kinds."""

    code = "file_type_unknown"
    message = _("只接受 txt、html、docx、xlsx、pdf，以及本系统导出的 csv、json。请转换格式后上传。")


class ExportNotReadable(Invalid):
    """A file that looks like our export does not hold what an export holds."""

    code = "export_not_readable"
    message = _("导出文件第 %(row)s 行有误：%(problem)s。请改正后重新上传。")


class AlreadyImported(Conflict):
    """The same bytes were imported before: nothing changes."""

    code = "already_imported"
    message = _("这个文件已经导入为《%(title)s》第 %(version)s 版，内容没有变化，无需再次导入。")


class DraftExists(Conflict):
    """The same bytes wait for review in an open draft."""

    code = "draft_exists"
    message = _("这个文件已有一份待确认的草稿。请继续审核那份草稿，或先将其作废。")


class DraftClosed(Conflict):
    """The draft was confirmed or discarded."""

    code = "draft_closed"
    message = _("这份草稿已经确认或作废，不能再修改。如需更正，请在方案页面发起修订。")


class DraftChanged(Conflict):
    """Somebody else edited the draft in the meantime."""

    code = "draft_changed"
    message = _("这份草稿刚被他人修改。请刷新页面，核对后再操作。")


class NothingToUndo(Conflict):
    """The draft has no operation that could be undone."""

    code = "nothing_to_undo"
    message = _("没有可以撤销的操作。")


class NothingChanged(Conflict):
    """A new version would equal the former one."""

    code = "nothing_changed"
    message = _("与现行版本相比没有任何变化，无需保存。可以将这份草稿作废。")


class DraftHasErrors(Invalid):
    """The draft cannot be confirmed until its errors are corrected."""

    code = "draft_has_errors"
    message = _("还有 %(count)s 处必须改正的问题：%(problems)s。请改正后再确认。")


class OperationInvalid(Invalid):
    """A correction cannot be carried out as it was asked for."""

    code = "operation_invalid"


class ReferenceNotPublishable(Conflict):
    """Another district's plan is kept for reference and is not ours to publish."""

    code = "reference_not_publishable"
    message = _("参考方案只供内部比较，不能在门户公开。")


class AlreadyPublished(Conflict):
    """The plan is public already."""

    code = "already_published"
    message = _("这份方案已经公开。")


class NotPublished(Conflict):
    """The plan is not public."""

    code = "not_published"
    message = _("这份方案没有公开，无需撤回。")


class OrganUnknown(Invalid):
    """No organ has this key."""

    code = "organ_unknown"
    message = _("没有标识为“%(organ)s”的机构。请从列表中选择，或先登记该机构。")


class ResolutionEmpty(Invalid):
    """A group without members, or a name without an organ."""

    code = "resolution_empty"
    message = _("请至少选择一个机构。")


class UnitNameUnknown(Missing):
    """The name occurs in no measure."""

    code = "unit_name_unknown"
    message = _("没有举措提到“%(name)s”。请从单位名称列表中选择。")


class TargetMissing(Missing):
    """There is no such target."""

    code = "target_missing"
    message = _("没有找到这个目标值。请刷新页面。")


class TargetNotOpen(Conflict):
    """The target belongs to a former version of the plan."""

    code = "target_not_open"
    message = _("这个目标值属于旧版本，不能再修改。请在现行版本中操作。")


class SamePlan(Invalid):
    """A plan cannot be compared with itself."""

    code = "same_plan"
    message = _("请选择两份不同的方案进行比较。")


class DivisionUnknown(Unavailable):
    """The installation does not know which district it serves."""

    code = "division_unknown"
    message = _("尚未设置本区的行政区划代码。请先登记区级机关，或设置 YINGSHANG_DIVISION。")


class DocumentNumberTaken(Conflict):
    """Another plan of the same division has this document number."""

    code = "document_number_taken"
    message = _("文号“%(number)s”已用于《%(title)s》。请将草稿改为那份方案的新版本，或更正文号。")
