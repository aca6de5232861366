"""What a mandate may allow about vouchers."""

from django.utils.translation import gettext_lazy as _

from yingshang.parties.permissions import permission

HOLD = permission("funds.hold_vouchers", _("查看本单位的双创券"))
REDEEM = permission("funds.redeem_vouchers", _("作为服务机构兑付双创券"))
MANAGE = permission("funds.manage_vouchers", _("认可服务机构、发放双创券、登记异地用券"))
SETTLE = permission("funds.settle_vouchers", _("办理地区间双创券结算"))
EXPIRE = permission("funds.expire_vouchers", _("结束到期的双创券"))
