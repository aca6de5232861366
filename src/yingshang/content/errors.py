"""Conditions about content."""

from yingshang.kernel.errors import Invalid, Missing


class PackHasFindings(Invalid):
    """A pack is not loaded while anything is wrong in it."""

    code = "pack_has_findings"
    message = "内容包有 %(count)s 处问题，没有装载：%(findings)s"


class ContentNotLoaded(Missing):
    """No version of this declaration is in force here."""

    code = "content_not_loaded"
    message = "还没有装载 %(kind)s %(key)s；请先运行 yingshang content load"


class DeclarationHasFaults(Invalid):
    """A declaration is not published while anything is wrong in it."""

    code = "declaration_has_faults"
    message = "内容有问题，没有发布：%(faults)s"


class NoSuchOffer(Missing):
    """No pack offers anything under this key, or the offer was taken or declined."""

    code = "no_such_offer"
    message = "没有内容包为 %(kind)s %(key)s 提供新版本"
