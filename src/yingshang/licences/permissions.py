"""What a mandate may allow about licences and official documents."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("licences.read", _("查看本单位颁发的证照和文书"))
READ_ALL = permission("licences.read_all", _("查看全部证照和文书"))
ISSUE = permission("licences.issue", _("颁发、变更和延续证照"))
MANAGE = permission("licences.manage", _("暂停、恢复、撤销和注销证照"))
EXPIRE = permission("licences.expire", _("办理证照到期失效"))
DECIDE = permission("licences.decide", _("制发文书"))
HOLD = permission("licences.hold", _("使用本主体的证照、签收文书"))
READ_SEALS = permission("licences.read_seals", _("查看本单位印章和用印记录"))
AUDIT_SEALS = permission("licences.audit_seals", _("查看全部印章和用印记录"))
MANAGE_SEALS = permission("licences.manage_seals", _("登记、停用和废止本单位印章"))
RENDER = permission("licences.render", _("生成证照和文书文件"))
SERVE = permission("licences.serve", _("送达文书"))
