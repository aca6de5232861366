"""Why something at the counters is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchHall(Missing):
    """There is no such hall."""

    code = "no_such_hall"
    message = _("没有这个大厅。")


class NoSuchWindow(Missing):
    """There is no such window, or it is not in use today."""

    code = "no_such_window"
    message = _("没有这个窗口，或者它今天不使用。")


class NoSuchTicket(Missing):
    """There is no such ticket."""

    code = "no_such_ticket"
    message = _("没有这个号。请核对号码单上的网址或二维码。")


class NoSuchBooking(Missing):
    """There is no such booking of this person."""

    code = "no_such_booking"
    message = _("没有这项预约。请核对预约码和预约日期。")


class NoSuchReceipt(Missing):
    """There is no such receipt, as far as this actor may know."""

    code = "no_such_receipt"
    message = _("没有这份收件凭证。")


class NoSuchPickUp(Missing):
    """There is no such thing to be picked up, as far as this actor may know."""

    code = "no_such_pick_up"
    message = _("没有这份待领件。")


class NotServedHere(Invalid):
    """The hall has no line for this."""

    code = "not_served_here"
    message = _("该大厅不办理这个事项，请选择其他大厅。")


class HallClosed(Conflict):
    """The hall is not open now."""

    code = "hall_closed"
    message = _("大厅现在不开放，下次开放：%(next)s。")


class TicketAlreadyOpen(Conflict):
    """Whoever takes a number online has one already."""

    code = "ticket_already_open"
    message = _("您在该大厅已有一个号 %(ticket)s，请先办完再取。")


class NotSignedOn(Conflict):
    """The clerk is at no window."""

    code = "not_signed_on"
    message = _("您还没有登录窗口，请先选择窗口上岗。")


class WindowTaken(Conflict):
    """Somebody else is signed on there."""

    code = "window_taken"
    message = _("该窗口已有人员上岗，请选择其他窗口，或请对方先离岗。")


class AlreadySignedOn(Conflict):
    """A clerk serves one window at a time."""

    code = "already_signed_on"
    message = _("您已在 %(window)s 号窗口上岗，请先离岗。")


class NotYourWindow(Forbidden):
    """The window belongs to another organ."""

    code = "not_your_window"
    message = _("该窗口由其他单位派驻人员，您不能在此上岗。")


class NotYourHall(Forbidden):
    """The hall belongs to another organ."""

    code = "not_your_hall"
    message = _("该大厅由其他单位管理。")


class WindowBusy(Conflict):
    """One window serves one ticket at a time."""

    code = "window_busy"
    message = _("窗口正在办理 %(ticket)s，请先办结、过号或转窗口。")


class NobodyWaits(Conflict):
    """There is nobody that this window could call."""

    code = "nobody_waits"
    message = _("现在没有本窗口可以办理的等候人员。")


class TicketElsewhere(Conflict):
    """The ticket is not in a state, or not at a window, that allows this."""

    code = "ticket_elsewhere"
    message = _("%(ticket)s 现在是“%(state)s”，不能这样操作，请刷新页面。")


class CallAgainFirst(Conflict):
    """Nobody is missed before they were called often enough."""

    code = "call_again_first"
    message = _("已呼叫 %(calls)s 次，呼叫满 %(needed)s 次仍未到的才能过号。")


class WindowCannotServe(Invalid):
    """The other window does not take this."""

    code = "window_cannot_serve"
    message = _("目标窗口不办理该事项，或者就是本窗口。")


class NoSuchSlot(Invalid):
    """No such slot is offered."""

    code = "no_such_slot"
    message = _("没有这个可预约的时段，请重新选择日期和时段。")


class SlotFull(Conflict):
    """Every place of the slot is taken."""

    code = "slot_full"
    message = _("该时段已约满，请选择其他时段。")


class BookedAlready(Conflict):
    """One person books one slot at a time."""

    code = "booked_already"
    message = _("您在该大厅同一时段已有预约。")


class BookingBlocked(Conflict):
    """Too many bookings were not kept."""

    code = "booking_blocked"
    message = _("您在 %(within)s 天内爽约 %(count)s 次，%(until)s 前不能预约；仍可现场取号。")


class TooLateToCancel(Conflict):
    """The slot is too near, or the booking is no longer open."""

    code = "too_late_to_cancel"
    message = _("开始前 %(minutes)s 分钟内不能取消或改期；来不了也请告知大厅。")


class BookingClosed(Conflict):
    """The booking was used, cancelled, moved or missed."""

    code = "booking_closed"
    message = _("该预约%(state)s，不能再操作。")


class NotTheDay(Conflict):
    """A booking is turned into a ticket on its day, until its time is over."""

    code = "not_the_day"
    message = _("请在预约当天、时段结束前签到取号；已过时段的请现场取号。")


class NothingHandedIn(Invalid):
    """A receipt names at least one paper."""

    code = "nothing_handed_in"
    message = _("请至少写明一份材料。")


class AlreadyTakenOver(Conflict):
    """The back office has the papers already."""

    code = "already_taken_over"
    message = _("这份收件已由办理单位接收。")


class AlreadyHandedOver(Conflict):
    """Somebody picked it up."""

    code = "already_handed_over"
    message = _("这份待领件已于 %(day)s 领走。")


class AlreadyReady(Conflict):
    """The same thing waits already."""

    code = "already_ready"
    message = _("同一份证照或文书已在待领。")
