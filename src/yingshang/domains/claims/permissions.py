"""What a mandate may allow about claims."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

CLAIM = permission("claims.claim", _("申报、确认领取政策资金"))
OPEN = permission("claims.open", _("由平台在提交申报时开办"))
READ = permission("claims.read", _("查看政策兑现情况"))
ACCEPT = permission("claims.accept", _("受理政策兑现申报"))
DECIDE = permission("claims.decide", _("决定政策兑现"))
LIST = permission("claims.list", _("办理免申即享名单和专家评审"))
RECOVER = permission("claims.recover", _("追回已兑现的资金"))
KEEP_EXPERTS = permission("claims.keep_experts", _("管理评审专家名册"))
