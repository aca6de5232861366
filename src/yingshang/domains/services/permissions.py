"""What a mandate may allow about services."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ_CATALOGUE = permission("services.read_catalogue", _("查看政务服务事项"))
PROPOSE_CHANGE = permission("services.propose_change", _("提出事项调整"))
PUBLISH_CHANGE = permission("services.publish_change", _("审定并公布事项"))
APPLY = permission("services.apply", _("申请办理政务服务事项"))
OPEN = permission("services.open", _("由平台在提交申请时开办"))
DECIDE = permission("services.decide", _("审批政务服务事项"))
ACCEPT = permission("services.accept", _("受理政务服务事项"))
APPROVE_EXTENSION = permission("services.approve_extension", _("批准延长审查期限"))
CHECK_COMMITMENT = permission("services.check_commitment", _("核查告知承诺履行情况"))
DECIDE_AT_WINDOW = permission("services.decide_at_window", _("在窗口按授权当场决定"))
REGISTER = permission("services.register", _("登记市场主体"))
REVOKE = permission("services.revoke", _("撤销行政许可"))
