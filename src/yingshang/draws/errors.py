"""Conditions about draws."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Invalid, Missing


class SourcesTooEarly(Invalid):
    """A source's numbers could be known before the pool was committed."""

    code = "draw_sources_too_early"
    message = _(
        "随机数来源“%(source)s”的日期 %(on)s 不晚于名单锁定之日（%(today)s），请改用以后公布的来源。"
    )


class BadPool(Invalid):
    """The pool cannot be drawn from."""

    code = "draw_bad_pool"


class BadSources(Invalid):
    """The numbers do not fit the sources announced."""

    code = "draw_bad_sources"


class DrawUnknown(Missing):
    """There is no such draw."""

    code = "draw_unknown"
    message = _("没有抽签 %(ref)s。")


class TooEarly(Conflict):
    """The sources' numbers cannot exist yet."""

    code = "draw_too_early"
    message = _("随机数来源要到 %(on)s 才公布，请届时再抽。")


class PoolAltered(Conflict):
    """The pool is not the one that was committed to the ledger."""

    code = "draw_pool_altered"
    message = _("名单与存证账本中锁定的摘要不符，不能抽签；请运行 yingshang ledger verify。")


class OtherNumbers(Conflict):
    """The draw was made before, with other numbers."""

    code = "draw_other_numbers"
    message = _("此次抽签已用另一组随机数抽过，同一次抽签只能用同一组随机数。")


class NotWitnessed(Conflict):
    """No head signed before the first source's day covers the commitment."""

    code = "draw_not_witnessed"
    message = _(
        "名单锁定后，存证账本在随机数来源公布日（%(on)s）之前没有签发过包含它的树头，无法证明名单锁定在先；"
        "请重新锁定名单，并确认后台进程（yingshang run）在运行。"
    )
