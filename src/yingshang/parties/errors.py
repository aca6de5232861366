"""Why something about parties is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchOrgan(Missing):
    """No organ has this key, as far as the actor may know."""

    code = "no_such_organ"
    message = _("没有找到这个机构。请从机构名录中选择。")


class NoSuchParty(Missing):
    """There is no such subject, person, account or mandate, as far as the actor may know."""

    code = "no_such_party"
    message = _("没有找到，或您无权查看。请核对后重试。")


class OrganKeyTaken(Conflict):
    """Another organ has this key."""

    code = "organ_key_taken"
    message = _("标识“%(key)s”已有机构使用，请换一个。")


class OrganClosed(Conflict):
    """The organ has ended."""

    code = "organ_closed"
    message = _("机构“%(name)s”已撤并，不能再变更。请改用其继任机构。")


class SuccessorIsItself(Invalid):
    """An organ cannot be merged into itself."""

    code = "successor_is_itself"
    message = _("机构不能并入自身，请选择另一个机构。")


class AliasTaken(Conflict):
    """The name means another organ in this division."""

    code = "alias_taken"
    message = _("“%(name)s”已指向“%(organ)s”。请先删除原来的对应关系。")


class NoSuchAlias(Missing):
    """The name is not an alias in this division."""

    code = "no_such_alias"
    message = _("别名表中没有“%(name)s”。")


class NameStaysTheOrgans(Conflict):
    """An organ's present name cannot be taken away from it."""

    code = "name_stays_the_organs"
    message = _("“%(name)s”是该机构的现用名称，不能删除。如需变更请办理更名。")


class EmptyName(Invalid):
    """A name is needed."""

    code = "empty_name"
    message = _("请填写名称。")


class UsernameTaken(Conflict):
    """Another account has this name."""

    code = "username_taken"
    message = _("用户名“%(username)s”已被使用，请换一个。")


class PersonKnown(Conflict):
    """A person with this identity number is on record."""

    code = "person_known"
    message = _("该身份证件号码已登记。请直接为其开立账号或授权。")


class WrongIdentityNumber(Invalid):
    """The identity number does not pass its check."""

    code = "wrong_identity_number"
    message = _("身份证件号码有误：%(why)s")


class WrongPassword(Invalid):
    """The present password was not given rightly."""

    code = "wrong_password"
    message = _("当前密码不正确，请重新输入。")


class PasswordTooWeak(Invalid):
    """The new password is too easy to guess."""

    code = "password_too_weak"
    message = _("新密码不符合要求：%(why)s")


class AccountDisabled(Conflict):
    """The account is out of use already."""

    code = "account_disabled"
    message = _("账号已停用。")


class NotYourParty(Forbidden):
    """The actor does not administer this organ or subject."""

    code = "not_your_party"
    message = _("您只能管理本单位的账号和授权。请联系该单位的管理员。")


class RoleReserved(Forbidden):
    """Only whoever administers the whole district may grant this role."""

    code = "role_reserved"
    message = _("角色“%(role)s”只能由全区管理员授予。")


class RoleForOtherParty(Invalid):
    """A role for organs was to be granted for a subject, or the other way round."""

    code = "role_for_other_party"
    message = _("角色“%(role)s”不能授予这类主体，请换一个角色。")


class NoSuchRole(Missing):
    """No role has this key."""

    code = "no_such_role"
    message = _("没有名为“%(role)s”的角色。")


class NoRole(Invalid):
    """A mandate needs at least one role."""

    code = "no_role"
    message = _("请至少选择一个角色。")


class ValidityReversed(Invalid):
    """The end lies before the beginning, or in the past."""

    code = "validity_reversed"
    message = _("截止日期不能早于生效日期，也不能早于今天。")


class NeedsOneParty(Invalid):
    """A mandate is for one organ or one subject."""

    code = "needs_one_party"
    message = _("请选择一个机构或一个主体，且只能选一个。")


class WrongAssurance(Invalid):
    """There is no such level of assurance."""

    code = "wrong_assurance"
    message = _("身份核验等级应为1（密码）、2（双因素）或3（当面核验）。")


class MandateRevoked(Conflict):
    """The mandate has been revoked before."""

    code = "mandate_revoked"
    message = _("该授权已经撤销。")


class WrongCreditCode(Invalid):
    """The unified social credit code does not pass its check (GB 32100)."""

    code = "wrong_credit_code"
    message = _("统一社会信用代码有误：%(why)s")


class CodeRegistered(Conflict):
    """An enterprise with this code is on record."""

    code = "code_registered"
    message = _("代码%(code)s已登记为“%(name)s”。")


class SubjectCancelled(Conflict):
    """The enterprise has been cancelled."""

    code = "subject_cancelled"
    message = _("“%(name)s”已注销，不能再办理。")


class AlreadyAdministered(Conflict):
    """A court-appointed administrator is in control."""

    code = "already_administered"
    message = _("“%(name)s”已有破产管理人。请先办理解任。")


class NotAdministered(Conflict):
    """No court-appointed administrator is in control."""

    code = "not_administered"
    message = _("“%(name)s”没有在任的破产管理人。")


class OnlyACourtAppoints(Forbidden):
    """Whoever acts does not act for a court (Enterprise Bankruptcy Law 13, 22)."""

    code = "only_a_court_appoints"
    message = _("破产管理人由人民法院指定（企业破产法第十三条、第二十二条）。")


class RelatedToItself(Invalid):
    """A subject cannot stand in a relation to itself."""

    code = "related_to_itself"
    message = _("主体不能与自身建立关系，请选择另一个主体。")


class NotRelated(Missing):
    """The two do not stand in this relation on that day."""

    code = "not_related"
    message = _("两者在这一天没有这种关系。")
