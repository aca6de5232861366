"""What a mandate may allow about public data beyond the facts themselves."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

REVIEW_DECISIONS = permission("exchange.review_decisions", _("复核受数据更正影响的决定"))
