"""What a mandate may allow about cases; procedures name further permissions of their domains."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("cases.read", _("查看本单位的办件"))
READ_ALL = permission("cases.read_all", _("查看全部办件（督查）"))
APPROVE_LATE = permission("cases.approve_late", _("核准补录的办理记录"))
REBUILD = permission("cases.rebuild", _("重算办件投影"))
HANDLE = permission("cases.handle", _("办理本单位承办的办件"))
ASSIGN = permission("cases.assign", _("交办任务、确认完成"))
APPROVE = permission("cases.approve", _("审批延期等申请"))
SUPERVISE = permission("cases.supervise", _("下达和办结督查整改"))
GRANT_POWERS = permission("cases.grant_powers", _("授出和撤回权力事项"))
EXPIRE = permission("cases.expire", _("办理期限届满的自动事项"))
ESCALATE = permission("cases.escalate", _("发出黄牌、红牌"))
MIGRATE = permission("cases.migrate", _("把在办办件迁移到流程新版本"))
