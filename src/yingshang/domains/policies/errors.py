"""What may be wrong when policy texts are read or made."""

from yingshang.kernel.errors import Missing
from yingshang.kernel.errors import marked as _


class NoSuchText(Missing):
    """The library has no text of this key."""

    code = "no_such_policy_text"
    message = _("没有这份政策文本")
