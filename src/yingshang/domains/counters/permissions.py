"""What a mandate may allow at the counters."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

SERVE = permission("counters.serve", _("在窗口叫号和办理"))
ISSUE_TICKETS = permission("counters.issue_tickets", _("现场取号和预约签到"))
RECEIVE = permission("counters.receive", _("统一收件"))
HAND_OVER = permission("counters.hand_over", _("统一出件"))
TAKE_OVER = permission("counters.take_over", _("接收窗口转来的收件、送交待领件"))
SUPERVISE = permission("counters.supervise", _("查看大厅运行"))
READ_REGISTER = permission("counters.read_register", _("查看窗口设置和综合窗口占比"))
KEEP_BOOKINGS = permission("counters.keep_bookings", _("登记预约爽约"))
