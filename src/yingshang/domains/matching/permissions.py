"""What a mandate may allow about matching."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("matching.read", _("查看政策匹配和应享未享"))
RUN = permission("matching.run", _("执行全量政策匹配"))
PREVIEW = permission("matching.preview", _("发布前测算政策"))
