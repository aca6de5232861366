"""What a mandate may allow about content."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

LOAD = permission("content.load", _("装载内容包"))
PUBLISH = permission("content.publish", _("发布在本地编写的内容"))
