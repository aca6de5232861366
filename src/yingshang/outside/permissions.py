"""What a mandate may allow about outside bodies."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("outside.read", _("查看本单位发往外部单位的请求"))
READ_ALL = permission("outside.read_all", _("查看全部外部对接情况"))
ASK = permission("outside.ask", _("向外部单位发出请求"))
RESOLVE = permission("outside.resolve", _("处理滞留请求、登记答复、关闭对账差异"))
OPERATE = permission("outside.operate", _("运行外部对接的收发与对账"))
SIMULATE = permission("outside.simulate", _("设置模拟单位的行为"))
