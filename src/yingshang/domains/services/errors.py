"""Why something about services is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchService(Missing):
    """There is no such item, or it is not in force."""

    code = "no_such_service"
    message = _("没有这个事项，或者它已不再办理。请在“办事服务”里重新查找。")


class NoSuchVersion(Missing):
    """The implementation has no such version."""

    code = "no_such_version"
    message = _("没有这个版本。")


class BadElements(Invalid):
    """The proposed elements do not fit the standard."""

    code = "bad_elements"
    message = _("事项要素有问题：%(problems)s")


class NothingChanged(Invalid):
    """A proposal that changes nothing."""

    code = "proposal_unchanged"
    message = _("与现行版本完全相同，没有需要审定的调整。")


class ProposalPending(Conflict):
    """The same implementation has a proposal that nobody decided yet."""

    code = "proposal_pending"
    message = _("该事项已有一项调整正在审定，请等审定结束后再提出。")


class ProposalOverdue(Conflict):
    """The proposed day has passed by the time it is decided."""

    code = "proposal_overdue"
    message = _("拟生效日期 %(day)s 已过，请退回修改生效日期后再审定。")


class CaseWithoutProposal(Conflict):
    """The case names no proposal that it could decide."""

    code = "case_without_proposal"
    message = _("该办件没有关联的事项调整，无法据此公布。")


class ProposerDecides(Forbidden):
    """Nobody decides on what they proposed."""

    code = "proposer_decides"
    message = _("提出调整的人不能审定自己提出的调整，请由其他人员审定。")


class NotOnlineYet(Conflict):
    """The service is not handled online yet."""

    code = "not_online_yet"
    message = _("“%(name)s”暂不能在线申请，请按办事指南到窗口办理，或拨打 %(phone)s 咨询。")


class NotForThisApplicant(Forbidden):
    """The service is for enterprises, and nobody acts for one here."""

    code = "not_for_this_applicant"
    message = _("“%(name)s”由企业申请。请切换到企业身份，或请企业为您授权。")


class ApplicationMissing(Missing):
    """There is no such application, as far as the actor may know."""

    code = "application_missing"
    message = _("没有这件申请，或者您无权查看。")


class CommitmentExcluded(Conflict):
    """The applicant may not go by commitment."""

    code = "commitment_excluded"
    message = _("不能采用告知承诺方式：%(because)s。请改选一般方式办理。")


class CommitmentsOpen(Conflict):
    """The applicant has as many unchecked commitments as it may have at once."""

    code = "commitments_open"
    message = _(
        "已有 %(n)s 项告知承诺尚未核查，最多可以同时有 %(most)s 项。请改选一般方式，或者等核查后再选择告知承诺。"
    )


class ChecksApart(Invalid):
    """One check together is of several commitments of one enterprise, each named once."""

    code = "checks_apart"
    message = _("一次核查只能包括同一企业的告知承诺，每件写一次。")


class MaterialsLapsed(Conflict):
    """A licence that stood for a material is no longer in force."""

    code = "materials_lapsed"
    message = _("申请所凭的证照已经失效：%(materials)s。请告知申请人补正，或者不予许可。")


class SubmissionUnfit(Conflict):
    """The application materials named do not belong to the case."""

    code = "submission_unfit"
    message = _("提交的申请材料与本办件不符，请从“我的办件”中补正。")


class MaterialsOutstanding(Conflict):
    """Materials that may follow after acceptance have not been handed in."""

    code = "materials_outstanding"
    message = _("容缺材料还没有补齐：%(materials)s。补齐后才能作出决定。")


class NothingToSupply(Conflict):
    """Every material is there."""

    code = "nothing_to_supply"
    message = _("材料已经齐全，不用补交。")


class LicenceUnfit(Conflict):
    """There is no licence that the case could work on."""

    code = "licence_unfit"
    message = _("本办件没有可以处理的证照。")


class MatterNotOnline(Conflict):
    """Not every step of the matter is handled online here."""

    code = "matter_not_online"
    message = _("“%(name)s”中有事项尚不能在线办理，暂不能一次申请，请分别办理。")


class MatterMoved(Conflict):
    """A step that was chosen is no longer handled here."""

    code = "matter_moved"
    message = _("填写期间有事项停止办理，请从“高效办成一件事”重新开始。")


class DeliveryUnfit(Invalid):
    """What was chosen cannot be done: no such hall, or no address."""

    code = "delivery_unfit"
    message = _("领取方式填得不完整：窗口领取请选择大厅，邮寄请写明收件人、电话和地址。")


class ApplicantNotIdentified(Invalid):
    """An official files for somebody without saying who stands at the counter."""

    code = "applicant_not_identified"
    message = _("请先核验到场人员的身份，写明姓名、证件种类和证件号码后四位，再代为填报。")


class NotYoursToChoose(Forbidden):
    """Only the applicant, or who files on behalf, says how to get the result."""

    code = "not_yours_to_choose"
    message = _("只有申请人或者代为申请的窗口人员可以这样做。")


class NothingServedYet(Conflict):
    """The document was not served electronically."""

    code = "nothing_served_yet"
    message = _("这份文书没有以电子方式送达。请选择电子送达，或者按所选方式领取。")


class NoticeMissing(Missing):
    """There is no such notice, it is no longer shown, or it is not for this reader."""

    code = "notice_missing"
    message = _("没有这份公告，或者它已不再公开。")


class NoticeOver(Conflict):
    """The period of the notice is over, or the matter has ended; nobody can object any more."""

    code = "notice_over"
    message = _("公示期已经结束，不再接受异议。确有异议的，请直接向办理单位反映。")


class ObjectionNotOpen(Forbidden):
    """The notice takes no objections, or none from this reader."""

    code = "objection_not_open"
    message = _("这份公告不接受您的异议：%(whom)s可以提出。")


class ObjectionUnfit(Invalid):
    """Something needed to take up an objection is missing."""

    code = "objection_unfit"
    message = _("请写明%(what)s。")


class TooManyObjections(Conflict):
    """Too many objections came from one place lately."""

    code = "too_many_objections"
    message = _("同一网络地址短时间内提出的异议过多，请一小时后再试，或到窗口提出。")


class ObjectionMissing(Missing):
    """No objection has this reference and code."""

    code = "objection_missing"
    message = _("没有查到这件异议，请核对回执上的网址。")


class NoticeUnfit(Conflict):
    """The case cannot publish this notice."""

    code = "notice_unfit"
    message = _("本办件不能发布这份公告：%(why)s。")


class FoundAsPerson(Conflict):
    """What founds an enterprise is applied for by a person in its own name."""

    code = "found_as_person"
    message = _("“%(name)s”由申请人以个人身份办理。请在右上角切换到个人身份后再申请。")


class NothingToFound(Conflict):
    """The case founds no enterprise, or has done so."""

    code = "nothing_to_found"
    message = _("本办件没有要设立的企业，或者已经设立。")


class FounderUnidentified(Invalid):
    """A founder or legal representative without an identity number."""

    code = "founder_unidentified"
    message = _("请填写%(name)s的身份证件号码，登记机关据此核对身份。")


class RepresentativeUnsigned(Conflict):
    """The legal representative has not signed with an account of their own."""

    code = "representative_unsigned"
    message = _("法定代表人%(name)s还没有用本人账号签名。")


class NameUnfit(Conflict):
    """A name that nobody may have, or somebody else has or has reserved."""

    code = "name_unfit"
    message = _("“%(name)s”不能使用：%(why)s。请换一个名称。")
