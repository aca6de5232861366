"""Why something about public data is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict


class CaseWithoutClaim(Conflict):
    """The case does not name a claim that it could decide."""

    code = "case_without_claim"
    message = _("该办件没有关联的数据异议，无法据此更正数据。")
