"""What a mandate may allow in plan governance."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("plans.read", _("查阅方案与举措"))
IMPORT = permission("plans.import", _("导入和审核方案草稿"))
CONFIRM = permission("plans.confirm", _("确认方案入库"))
PUBLISH = permission("plans.publish", _("公开和撤回方案"))
RESOLVE_UNITS = permission("plans.resolve_units", _("明确责任单位"))
DECIDE_TARGETS = permission("plans.decide_targets", _("确认目标值"))
COMPARE = permission("plans.compare", _("比较方案并认定对应关系"))
ISSUE_TASKS = permission("plans.issue_tasks", _("下达方案任务"))
SUPERVISE = permission("plans.supervise", _("组织督查并登记情况"))
MEET = permission("plans.meet", _("登记会议并交办议定事项"))
READ_MEETINGS = permission("plans.read_meetings", _("查阅本单位参加的会议"))
