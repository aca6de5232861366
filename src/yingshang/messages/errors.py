"""What can go wrong with messages."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Invalid, Missing


class NoSuchMessage(Missing):
    """The subject has no message of that reference."""

    code = "no_such_message"
    message = _("没有找到这条消息。请回到消息列表查看。")


class NotOurPage(Invalid):
    """A message would lead away from this platform."""

    code = "not_our_page"
    message = _("消息只能链接到本平台的页面，不能是 %(href)s。")


class CannotDecline(Invalid):
    """The law requires this sort of message."""

    code = "cannot_decline"
    message = _("“%(sort)s”是依法必须告知的，不能关闭（%(legal)s）。")


class UnknownSortOfMessage(Invalid):
    """There is no such sort."""

    code = "unknown_sort_of_message"
    message = _("没有“%(sort)s”这类消息。")
