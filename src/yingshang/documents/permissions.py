"""What a mandate may allow about documents."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

SWEEP = permission("documents.sweep", _("清理未使用的上传文件"))
