"""What a mandate may allow about services."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ_CATALOGUE = permission("services.read_catalogue", _("查看政务服务事项"))
PROPOSE_CHANGE = permission("services.propose_change", _("提出事项调整"))
PUBLISH_CHANGE = permission("services.publish_change", _("审定并公布事项"))
