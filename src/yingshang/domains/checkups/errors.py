"""What can go wrong with check-ups."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Missing, Unavailable


class NoSuchPolicy(Missing):
    """No policy of that key is part of the check-up on that day."""

    code = "no_policy_in_check_up"
    message = _("没有找到这项政策，或它现在没有生效。请回到体检报告查看。")


class NotPrinted(Unavailable):
    """The document could not be made."""

    code = "check_up_not_printed"
    message = _("体检报告没有生成：%(why)s")
