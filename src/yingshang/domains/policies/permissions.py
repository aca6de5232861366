"""What a mandate may allow about policy texts."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("policies.read", _("查看政策库"))
DRAFT = permission("policies.draft", _("起草政策文本、听取意见"))
REVIEW = permission("policies.review", _("审查政策草案"))
ISSUE = permission("policies.issue", _("印发和公布政策"))
CLEAN_UP = permission("policies.clean_up", _("组织政策清理"))
ANSWER = permission("policies.answer_clean_up", _("答复本单位政策的清理意见"))
OPINE = permission("policies.give_opinion", _("对政策草案提出意见"))
