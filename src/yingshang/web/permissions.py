"""Permissions of the shell itself."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

STYLE_GUIDE = permission("web.style_guide", _("查看界面组件说明"))
