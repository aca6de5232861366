"""What a mandate may allow about check-ups; an enterprise's own needs no more than to read its own facts."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

CHECK = permission("checkups.check", _("为企业做政策体检"))
