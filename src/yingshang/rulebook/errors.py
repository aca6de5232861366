"""What may be wrong when rules are read."""

from yingshang.kernel.errors import Invalid, Missing
from yingshang.kernel.errors import marked as _


class NoSuchRule(Missing):
    """No pack in force declares this policy."""

    code = "no_such_rule"
    message = _("没有这项规则")


class NoSuchEnterprise(Invalid):
    """The text names no subject, or more than one."""

    code = "no_such_enterprise"
    message = _("没有找到唯一的企业，请写完整的名称或统一社会信用代码")
