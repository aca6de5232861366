"""What a mandate may allow about facts."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ_CATALOGUE = permission("facts.read_catalogue", _("查看数据目录"))
READ = permission("facts.read", _("查看主体的数据档案"))
READ_SENSITIVE = permission("facts.read_sensitive", _("按目的查看敏感数据"))
READ_OWN = permission("facts.read_own", _("查看本单位的数据档案"))
READ_READERS = permission("facts.read_readers", _("查看数据的读取记录"))
DEFER_READING = permission("facts.defer_reading", _("依法暂缓展示读取记录"))
RECORD = permission("facts.record", _("录入、更正本机构负责的数据"))
RECORD_ANY = permission("facts.record_any", _("录入任何来源的数据"))
CLAIM = permission("facts.claim", _("对其他来源的数据提出异议"))
CLAIM_OWN = permission("facts.claim_own", _("对本单位的数据提出异议"))
DECIDE_CLAIMS = permission("facts.decide_claims", _("处理对本机构数据的异议"))
EVALUATE = permission("facts.evaluate", _("按规则核对主体并留存依据"))
