"""What a mandate may allow about forms and materials."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

FILL = permission("forms.fill", _("填写和提交表单"))
FILE_FOR = permission("forms.file_for", _("代申请人填报"))
READ_SUBMISSIONS = permission("forms.read_submissions", _("查看提交的申请材料"))
MARK = permission("forms.mark", _("标出申请材料中需要更正的内容"))
READ_SPACE = permission("forms.read_space", _("经企业同意使用其材料"))
MANAGE_SPACE = permission("forms.manage_space", _("管理本单位的材料库和授权"))
READ_DEFINITIONS = permission("forms.read_definitions", _("查看、试填表单和重复索要报告"))
SWEEP = permission("forms.sweep", _("清理过期草稿"))
