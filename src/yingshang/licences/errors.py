"""Conditions about licences and official documents."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class LicenceMissing(Missing):
    """There is no such licence, as far as the actor may know."""

    code = "licence_missing"
    message = _("没有找到这个证照，或您没有查看它的权限。")


class DecisionMissing(Missing):
    """There is no such decision, as far as the actor may know."""

    code = "decision_missing"
    message = _("没有找到这份文书，或您没有查看它的权限。")


class NotTheIssuer(Forbidden):
    """Only the organ that issued a licence may act on it."""

    code = "not_the_issuer"
    message = _("只有颁发机关可以办理这个证照，请转交“%(issuer)s”。")


class IssuerUnknown(Invalid):
    """There is no organ with this key."""

    code = "issuer_unknown"
    message = _("没有这个单位，请重新选择。")


class HolderUnknown(Invalid):
    """There is no subject with this reference."""

    code = "holder_unknown"
    message = _("没有这个办事主体，请重新选择。")


class HolderSortRefused(Invalid):
    """This kind of licence is not given to this sort of subject."""

    code = "holder_sort_refused"
    message = _("“%(kind)s”不能颁发给这类主体。")


class LicenceFieldUnknown(Invalid):
    """A value was given that the kind or template does not have."""

    code = "licence_field_unknown"
    message = _("“%(kind)s”没有“%(field)s”这一项，请去掉。")


class LicenceFieldMissing(Invalid):
    """A required value is missing."""

    code = "licence_field_missing"
    message = _("“%(kind)s”缺少“%(field)s”，请补上。")


class LicenceFieldUnfit(Invalid):
    """A value is not of the field's type."""

    code = "licence_field_unfit"
    message = _("“%(field)s”应填%(expected)s，现在是“%(value)s”。")


class LicenceStateUnfit(Conflict):
    """The licence is in a state in which this cannot happen to it."""

    code = "licence_state_unfit"
    message = _("证照现在的状态是“%(state)s”，不能办理“%(event)s”。请刷新后查看。")


class GroundMissing(Invalid):
    """Whatever takes a right away or gives it back needs its ground."""

    code = "licence_ground_missing"
    message = _("请写明依据和理由。")


class EventDayUnfit(Invalid):
    """The day lies before the licence's last event or in the future."""

    code = "licence_day_unfit"
    message = _("日期应在 %(first)s 到 %(last)s 之间。")


class ValidityUnfit(Invalid):
    """The end of validity lies before its start."""

    code = "licence_validity_unfit"
    message = _("有效期的截止日期早于起始日期，请更正。")


class NothingChanged(Conflict):
    """A change that changes nothing makes no new version."""

    code = "licence_nothing_changed"
    message = _("没有需要变更的内容。")


class NumberTaken(Conflict):
    """Another licence of this kind bears this number already."""

    code = "licence_number_taken"
    message = _("“%(kind)s”的编号 %(number)s 已经使用，请核对是否重复办理。")


class SerialsUsedUp(Conflict):
    """The pattern has no place left for another serial number."""

    code = "licence_serials_used_up"
    message = _("编号规则的顺序号位数已用完，请修订编号规则。")


class TemplateUnfit(Invalid):
    """A template of licences was named where one of decisions is needed."""

    code = "document_template_unfit"
    message = _("“%(template)s”不是文书模板，请另选。")
