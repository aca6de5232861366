"""Permissions about periodic jobs."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ_JOBS = permission("jobs.read", _("查看系统定时任务的运行情况"))
