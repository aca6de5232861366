"""What a mandate may allow about rules."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("rulebook.read", _("查看规则"))
TRY = permission("rulebook.try", _("用企业的数据试算规则"))
DRAFT = permission("rulebook.draft", _("编写规则草稿"))
PUBLISH = permission("rulebook.publish", _("发布规则"))
