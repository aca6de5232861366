"""Refusals of plan governance; each says what to do next."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing, Unavailable


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


class TaskMissing(Missing):
    """There is no such task, as far as this actor may know."""

    code = "task_missing"
    message = _("没有找到这项任务，或您没有查看它的权限。请从任务列表进入。")


class ReferenceHasNoTasks(Conflict):
    """Another district's plan binds nobody here."""

    code = "reference_has_no_tasks"
    message = _("参考方案只供比较，不能据此下达任务。")


class NotForOrgan(Forbidden):
    """Only somebody who acts for an organ can assign work, since the organ is answered to."""

    code = "not_for_organ"
    message = _("下达任务须代表一个机构。请切换到您在机构中的身份。")


class NothingToIssue(Invalid):
    """None of the chosen measures can have a task yet; the reasons are in the preview."""

    code = "nothing_to_issue"
    message = _("所选举措都还不能下达：有 %(unresolved)s 个单位名称待明确。请先明确责任单位。")


class ChoiceNotAllowed(Invalid):
    """A day was chosen that lies before today."""

    code = "choice_not_allowed"
    message = _("指定的完成时限 %(day)s 早于今天。请选择今天或以后的日期。")


class SubActionUnknown(Invalid):
    """The task has no sub-action of this number."""

    code = "sub_action_unknown"
    message = _("这项任务没有第 %(number)s 个分项。请核对分项序号。")


class SubActionsUnreadable(Invalid):
    """The numbers of sub-actions cannot be read."""

    code = "sub_actions_unreadable"
    message = _("分项序号“%(text)s”无法识别。请写成 1,3 的样子。")


class SubActionsFixed(Conflict):
    """Sub-actions and their weights are agreed before the first report, not afterwards."""

    code = "sub_actions_fixed"
    message = _("这项任务已有分项报告，分项和权重不能再改。")


class SubActionsMoved(Conflict):
    """Somebody else split the task anew since the page was opened."""

    code = "sub_actions_moved"
    message = _("分项在您打开页面后已被他人修改，本次没有保存。请重新打开页面，核对后再保存。")


class SubActionsNotFit(Invalid):
    """A task has some sub-actions, each with a text and a weight from 1 to 100."""

    code = "sub_actions_not_fit"
    message = _(
        "请写 1 至 %(most)s 个分项，每个分项写明内容（最多 %(length)s 字）和 1 至 100 的整数权重。"
    )


class MeetingMissing(Missing):
    """There is no such meeting, as far as this actor may know."""

    code = "meeting_missing"
    message = _("没有找到这次会议，或您没有查看它的权限。请从会议列表进入。")


class DecisionMissing(Missing):
    """The meeting has no such decision."""

    code = "decision_missing"
    message = _("没有找到这项议定事项。请从会议页面进入。")


class DecisionAssigned(Conflict):
    """The decision became tasks, or was noted, before."""

    code = "decision_assigned"
    message = _("这项议定事项已经处理。请刷新页面查看。")


class AttendeesMissing(Invalid):
    """A meeting that decides something is attended by somebody."""

    code = "attendees_missing"
    message = _("请至少选择一个参会单位。")


class BatchMissing(Missing):
    """There is no such supervision batch, as far as this actor may know."""

    code = "batch_missing"
    message = _("没有找到这个督查批次，或您没有查看它的权限。请从督查列表进入。")


class PoolTooSmall(Invalid):
    """Fewer tasks lie in the scope than are to be drawn."""

    code = "pool_too_small"
    message = _(
        "所选范围内只有 %(pool)s 项在办任务，不能抽取 %(pick)s 项。请扩大范围或减少抽取数。"
    )


class NotDrawn(Conflict):
    """The task was not drawn in this batch, or nothing is drawn yet."""

    code = "not_drawn"
    message = _("这项任务不在抽中的名单里，不能登记督查情况。")


class AlreadyVisited(Conflict):
    """What was seen at this task is on record."""

    code = "already_visited"
    message = _("这项任务的督查情况已经登记。新发现的问题请补充登记。")


class DayUnreadable(Invalid):
    """A day is not written as a date."""

    code = "day_unreadable"
    message = _("日期“%(day)s”无法识别。请写成 2026-06-30 的格式。")


class BarePercentage(Invalid):
    """Progress was reported as a percentage and nothing else."""

    code = "bare_percentage"
    message = _("请写明做了什么、到了哪一步，不能只写一个百分比；进度由分项计算。")


class SheetMissing(Missing):
    """There is no such progress sheet, as far as this actor may know."""

    code = "progress_sheet_missing"
    message = _("没有找到这份报送表，或它不属于您的单位。请从批量报送页面进入。")


class SheetNotReadable(Invalid):
    """The file is no workbook with the columns of the progress sheet."""

    code = "progress_sheet_not_readable"
    message = _("这不是进展报送表：找不到“任务编号”和“进展情况”两列。请在下载的表上填写后上传。")


class SheetTooLong(Invalid):
    """The workbook has more rows than are reported at once."""

    code = "progress_sheet_too_long"
    message = _("一份报送表最多 %(most)s 行，请分成几份上传。")


class SheetTaskUnknown(Missing):
    """A row names no task that the organ holds."""

    code = "progress_sheet_task_unknown"
    message = _("本单位没有承办编号为“%(ref)s”的任务。请不要改动任务编号。")


class EvidenceFileMissing(Invalid):
    """A row names a file that did not come with the sheet."""

    code = "evidence_file_missing"
    message = _("没有随表上传名为“%(name)s”的文件。请核对文件名，或连同文件重新上传。")


class RowRepeated(Conflict):
    """A row says the same of the same task as one above it."""

    code = "progress_row_repeated"
    message = _("与第 %(row)s 行重复，只上报一次。")
