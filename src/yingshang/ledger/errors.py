"""What can stop the ledger."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class EntryUnknown(Missing):
    """There is no event under this reference."""

    code = "ledger_entry_unknown"
    message = _("没有存证记录 %(ref)s")


class LedgerBroken(Conflict):
    """What is stored contradicts a signed head; nothing more is signed until it is cleared up."""

    code = "ledger_broken"
    message = _("存证账本与已签发的树头不符（%(why)s），请运行 yingshang ledger verify")


class HeadUnknown(Missing):
    """No head was signed at this size."""

    code = "ledger_head_unknown"
    message = _("没有规模为 %(size)s 的树头")


class NotErasable(Forbidden):
    """This event's content may not be erased: it is itself the proof of an erasure."""

    code = "ledger_not_erasable"
    message = _("删除记录本身不得删除")


class AlreadyErased(Conflict):
    """The content was erased before."""

    code = "ledger_already_erased"
    message = _("记录 %(ref)s 的内容已经依法删除")


class GroundNeeded(Invalid):
    """An erasure without its legal ground."""

    code = "ledger_ground_needed"
    message = _("请写明删除的法律依据")
