"""Conditions about licences and official documents."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing, Unavailable


class LicenceMissing(Missing):
    """There is no such licence, as far as the actor may know."""

    code = "licence_missing"
    message = _("没有找到这个证照，或您没有查看它的权限。")


class DecisionMissing(Missing):
    """There is no such decision, as far as the actor may know."""

    code = "document_missing"
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


class SealMissing(Missing):
    """There is no such seal, as far as the actor may know."""

    code = "seal_missing"
    message = _("没有找到这枚印章，或您没有查看它的权限。")


class SealInPlace(Conflict):
    """The organ has a seal of this kind that is still valid."""

    code = "seal_in_place"
    message = _("“%(name)s”仍然有效，先废止它才能登记同类的新印章。")


class SealStateUnfit(Conflict):
    """The seal is in a state in which this cannot happen to it."""

    code = "seal_state_unfit"
    message = _("“%(name)s”现在的状态是“%(state)s”，不能这样办理。")


class NoUsableSeal(Conflict):
    """The organ has no seal of the kind that may be used today: none, suspended, revoked or out of date."""

    code = "no_usable_seal"
    message = _("“%(organ)s”现在没有可用的%(kind)s（%(why)s），文件暂时不能用印。")


class SealKeyGone(Unavailable):
    """The private key of a seal is missing or broken."""

    code = "seal_key_gone"
    message = _("印章“%(name)s”的密钥不可用，请联系管理员。")


class NotRendered(Unavailable):
    """A document could not be set or sealed; the reason is in the log and on the rendition."""

    code = "document_not_rendered"
    message = _("文件没有生成：%(why)s")


class RenditionWaiting(Conflict):
    """The file is still being made."""

    code = "rendition_waiting"
    message = _("文件正在生成，请稍后再下载。")


class RenditionGone(Conflict):
    """The file is not there, or not what was sealed."""

    code = "rendition_gone"
    message = _("文件缺失或已损坏，请联系颁发机关重新生成。")


class CopyMissing(Missing):
    """There is no such copy, as far as the actor may know."""

    code = "licence_copy_missing"
    message = _("没有找到这份证照副本，或您没有查看它的权限。")


class CopyDayUnfit(Invalid):
    """A copy ends within a year and not after its licence."""

    code = "licence_copy_day_unfit"
    message = _("副本的有效期应在 %(first)s 到 %(last)s 之间。")


class LicenceNotInForce(Conflict):
    """Only a licence that is valid can be copied."""

    code = "licence_not_in_force"
    message = _("证照现在的状态是“%(state)s”，不能制作副本。")


class PurposeMissing(Invalid):
    """A copy says what it is for."""

    code = "licence_copy_purpose_missing"
    message = _("请写明副本的用途。")


class CopyWithdrawn(Conflict):
    """The copy was withdrawn already."""

    code = "licence_copy_withdrawn"
    message = _("这份副本已经收回。")


class ServingMissing(Missing):
    """There is no such service of a document, as far as the actor may know."""

    code = "serving_missing"
    message = _("没有找到这次送达，或您没有查看它的权限。")


class NotAgreedToElectronicService(Conflict):
    """Electronic service needs the addressee's prior consent."""

    code = "not_agreed_to_electronic_service"
    message = _("“%(recipient)s”没有同意电子送达，请改用其他方式。")


class ServingClosed(Conflict):
    """The service is over; its receipt stands."""

    code = "serving_closed"
    message = _("这次送达已经结束（%(state)s），不能再登记。")


class ReceiptMissing(Invalid):
    """A service in person, left or by post needs who signed, or who witnessed it."""

    code = "serving_receipt_missing"
    message = _("请写明签收人或见证情况。")


class ReceiptDayUnfit(Invalid):
    """A receipt lies between the sending and now."""

    code = "serving_day_unfit"
    message = _("送达日期应在 %(first)s 到 %(last)s 之间。")


class MeansUnfit(Conflict):
    """This receipt does not belong to the means of the service."""

    code = "serving_means_unfit"
    message = _("“%(means)s”不能这样登记回执。")


class ConsentStands(Conflict):
    """The subject has agreed already."""

    code = "serving_consent_stands"
    message = _("已经同意电子送达，无需重复确认。")


class ConsentMissing(Conflict):
    """There is no consent to withdraw."""

    code = "serving_consent_missing"
    message = _("没有生效的电子送达确认。")


class TooManyGuesses(Forbidden):
    """Too many wrong codes came from one address."""

    code = "too_many_verifications"
    message = _("核验码错误次数过多，请十五分钟后再试。")


class NotVerifiable(Missing):
    """No document has this identifier and code; which of the two is wrong is not told."""

    code = "not_verifiable"
    message = _("没有与此标识和核验码相符的证照或文书，请核对后再试。")


class RenditionMissing(Missing):
    """There is no such file, as far as the actor may know."""

    code = "rendition_missing"
    message = _("没有找到这份文件，或您没有查看它的权限。")


class RequestKeyReused(Conflict):
    """One idempotency key was sent with two different requests, or with one that is still being done."""

    code = "licence_request_key_reused"
    message = _("这一页已经提交过别的内容，请刷新页面后重新填写。")
