"""What may be wrong when rules are read."""

from yingshang.kernel.errors import Conflict, Invalid, Missing
from yingshang.kernel.errors import marked as _


class NoSuchRule(Missing):
    """No pack in force declares this policy."""

    code = "no_such_rule"
    message = _("没有这项规则")


class NoSuchEnterprise(Invalid):
    """The text names no subject, or more than one."""

    code = "no_such_enterprise"
    message = _("没有找到唯一的企业，请写完整的名称或统一社会信用代码")


class NoSuchDraft(Missing):
    """There is no such draft, or it belongs to an organ for which the actor does not act."""

    code = "no_such_rule_draft"
    message = _("没有这份规则草稿")


class DraftMoved(Conflict):
    """Somebody saved the draft since it was opened."""

    code = "rule_draft_moved"
    message = _("这份草稿已经有人另行保存；请重新打开再改")


class DraftEnded(Conflict):
    """The draft was published or given up."""

    code = "rule_draft_ended"
    message = _("这份草稿已经发布或作废，不能再改；请另起一份")


class DraftHasFaults(Invalid):
    """The text is no rule yet that could be published."""

    code = "rule_draft_has_faults"
    message = _("草稿还有问题，不能发布：%(faults)s")


class OwnDraft(Conflict):
    """Whoever made or last saved a draft does not publish it."""

    code = "own_rule_draft"
    message = _("自己编写的规则要由另一个人发布")
