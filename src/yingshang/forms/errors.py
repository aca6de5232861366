"""Why something about forms and materials is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchForm(Missing):
    """No form of this key is in force."""

    code = "no_such_form"
    message = _("没有名为“%(key)s”的表单，或表单已停用。")


class FormUnfit(Conflict):
    """The form no longer fits the catalogue of facts."""

    code = "form_unfit"
    message = _("这张表单与数据目录不符，暂时不能填写，请联系主管部门：%(why)s")


class NoSuchDraft(Missing):
    """There is no such draft, as far as the actor may know."""

    code = "no_such_draft"
    message = _("没有找到这份草稿，它可能已提交、已过期或已删除。")


class NoSuchSubmission(Missing):
    """There is no such submission, as far as the actor may know."""

    code = "no_such_submission"
    message = _("没有找到这份申请材料，或您没有查看它的权限。")


class AnswerNotAsked(Invalid):
    """An answer was given to what the form does not ask."""

    code = "answer_not_asked"
    message = _("表单没有询问“%(path)s”。")


class AnswersTooLarge(Invalid):
    """The answers are larger than any form needs."""

    code = "answers_too_large"
    message = _("填写的内容过多，请精简后再保存。")


class DraftMoved(Conflict):
    """The same fields were saved elsewhere meanwhile; ``params['fields']`` says which."""

    code = "draft_moved"
    message = _("这份草稿已在别处改过（%(labels)s），您这次填写的内容没有覆盖它。请核对后再保存。")


class DraftIncomplete(Invalid):
    """What is required is missing, or something is wrong; ``params['paths']`` says where."""

    code = "draft_incomplete"
    message = _("还有 %(n)s 处需要填写或更正，请从“核对并提交”页逐项处理。")


class DraftExpired(Conflict):
    """The draft was kept as long as drafts are."""

    code = "draft_expired"
    message = _("这份草稿已过保存期限，请重新填写。")


class FactsMoved(Conflict):
    """What the platform knows has changed since the draft was prefilled."""

    code = "facts_moved"
    message = _("登记的数据已经更新（%(labels)s），请核对更新后的内容再提交。")


class FormMoved(Conflict):
    """The form has a new version since the draft was begun."""

    code = "form_moved"
    message = _("表单已经更新，您填写的内容已保留。请查看变化后再提交。")


class NotYourField(Forbidden):
    """Only fields that were marked may be changed in a correction."""

    code = "field_not_open"
    message = _("“%(label)s”没有被要求更正，不能改动。")


class NothingMarked(Invalid):
    """A correction needs at least one marked field."""

    code = "nothing_marked"
    message = _("请至少标出一处需要更正的内容，并写明原因。")


class NoSuchMaterial(Missing):
    """No material of this key is in force, or the form does not ask for it."""

    code = "no_such_material"
    message = _("没有名为“%(key)s”的材料，或这张表单不需要它。")


class NoSuchItem(Missing):
    """There is no such thing in the material space, as far as the actor may know."""

    code = "no_such_item"
    message = _("材料库中没有这份材料，或您没有使用它的权限。")


class MaterialFormatRefused(Invalid):
    """The file is not of a format that the material may have."""

    code = "material_format_refused"
    message = _("“%(material)s”请上传 %(formats)s 格式的文件。")


class TooManyFiles(Invalid):
    """A material has more files than it may."""

    code = "too_many_files"
    message = _("“%(material)s”最多 %(most)s 个文件，请合并后上传。")


class TooManyPages(Invalid):
    """A file has more pages than the material may."""

    code = "too_many_pages"
    message = _("“%(material)s”最多 %(most)s 页。")


class NotDeferrable(Invalid):
    """The material must be there from the beginning."""

    code = "material_not_deferrable"
    message = _("“%(material)s”不在容缺清单内，不能缓交。")


class ConsentMissing(Forbidden):
    """The enterprise has not consented to this use of its material."""

    code = "consent_missing"
    message = _("企业没有同意为这一用途使用该材料，请先取得同意。")


class ConsentUnfit(Invalid):
    """A consent ends on a day that lies before today or too far ahead."""

    code = "consent_unfit"
    message = _("同意的截止日期应在今天之后、三年之内，并写明用途。")


class NoSuchConsent(Missing):
    """There is no such consent, or it was withdrawn."""

    code = "no_such_consent"
    message = _("没有找到这项同意，它可能已经撤回。")


class NoSuchSlot(Missing):
    """The form asks for no such signature."""

    code = "no_such_signature"
    message = _("这张表单不需要这个签名。")


class SignerUnfit(Forbidden):
    """Somebody else is to sign here."""

    code = "signer_unfit"
    message = _("此处应由“%(name)s”本人签名，您登录的账号不是本人。")


class InvitationUnfit(Missing):
    """The invitation to sign is not valid."""

    code = "invitation_unfit"
    message = _("签名邀请无效或已过期，请向申请人索取新的链接。")


class ContentSigned(Conflict):
    """What is to be signed has changed since it was shown."""

    code = "content_changed"
    message = _("内容在您打开页面之后有改动，请核对最新内容后再签名。")


class SignatureMissing(Conflict):
    """A signature that the form asks for is missing or void."""

    code = "signature_missing"
    message = _("还缺少签名：%(labels)s。")


class ConfirmationMissing(Conflict):
    """Who is filed for has not confirmed."""

    code = "confirmation_missing"
    message = _("代为填报须经申请人确认：请上传本人签字的纸质确认书，或输入申请人提供的确认码。")


class AnswerUnreadable(Invalid):
    """An answer holds something that no field can: the character NUL, a number beyond all bounds."""

    code = "answer_unreadable"
    message = _("填写的内容含有无法识别的字符或数字，请删去后重试。")


class HandedInElsewhere(Conflict):
    """The draft belongs to a service, which hands it in itself."""

    code = "handed_in_elsewhere"
    message = _("这份草稿属于一项办理中的服务，请从该服务的页面提交。")
