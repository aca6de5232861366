"""What a mandate may allow about messages."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

RECEIVE = permission("messages.receive", _("查看本主体的消息和待办"))
READ_FUNNEL = permission("messages.read_funnel", _("查看消息送达效果"))
