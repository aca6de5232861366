"""What a mandate may allow about funds."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

READ = permission("funds.read", _("查看本单位的资金账"))
READ_ALL = permission("funds.read_all", _("查看全部资金账"))
PROPOSE_BUDGET = permission("funds.propose_budget", _("提出资金预算和调剂"))
APPROVE_BUDGET = permission("funds.approve_budget", _("批准资金预算和调剂"))
SPEND = permission("funds.spend", _("登记占用、释放和支付"))
GIVE_ACCOUNT = permission("funds.give_account", _("登记退票后的新收款账户"))
RECOVER = permission("funds.recover", _("追回资金、登记收回"))
CLOSE_YEAR = permission("funds.close_year", _("办理资金年终结转"))
