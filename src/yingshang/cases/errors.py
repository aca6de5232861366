"""Conditions about cases."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class CaseMissing(Missing):
    """There is no such case, as far as the actor may know."""

    code = "case_missing"
    message = _("没有找到这个办件，或您没有查看它的权限。")


class ActionNotAllowed(Forbidden):
    """The actor may see the case, but this is for somebody else to do."""

    code = "case_action_not_allowed"
    message = _("“%(action)s”应由其他单位或岗位办理，您当前的身份不能办理。")


class ActionNotPossible(Conflict):
    """The case is in a state in which this cannot be done, or its data do not allow it."""

    code = "action_not_possible"
    message = _("办件现在是“%(state)s”，不能“%(action)s”。请刷新后查看可以办理的操作。")


class DoneOftenEnough(Conflict):
    """The action was done as often as one case allows."""

    code = "case_action_used_up"
    message = _("“%(action)s”在一个办件中最多办理 %(n)s 次，已经办理过。")


class LimitNotRunning(Conflict):
    """An extension helps only while the limit runs and has not run out."""

    code = "limit_not_running"
    message = _("“%(clock)s”没有在计时或者已经届满，不能延长。")


class ApprovalNotAsked(Conflict):
    """What one person approves another must have asked for since it was last approved."""

    code = "approval_not_asked"
    message = _("请先由承办人员“%(action)s”，再予批准。")


class SamePerson(Forbidden):
    """Who asked for something may not approve it."""

    code = "same_person"
    message = _("“%(action)s”须由提出申请以外的另一人办理。")


class AssuranceTooLow(Forbidden):
    """The actor is not known surely enough for this action."""

    code = "case_assurance_too_low"
    message = _("“%(action)s”需要更高的身份核验等级。请用更高等级的方式登录后再办理。")


class PowerMissing(Forbidden):
    """Nobody has delegated this power to the actor."""

    code = "power_missing"
    message = _("您没有“%(scope)s”的授权，不能“%(action)s”。请由有权机关办理，或先办理授权。")


class PowerEnded(Forbidden):
    """The power that was delegated to the actor was revoked, has ended or has not begun."""

    code = "power_ended"
    message = _("“%(scope)s”的授权%(why)s，不能“%(action)s”。")


class PowerUnknown(Missing):
    """There is no such delegated power that the actor may manage."""

    code = "power_unknown"
    message = _("没有找到这项授权，或者不是您所在单位授出的。")


class BadPower(Invalid):
    """What is said of a power to be delegated does not fit."""

    code = "bad_power"
    message = _("授权填写有误：%(why)s。")


class CardMissing(Missing):
    """There is no such card, as far as the actor may know."""

    code = "card_missing"
    message = _("没有找到这张牌，或您没有查看它的权限。")


class CardNotYours(Forbidden):
    """A card is explained by the organ that got it."""

    code = "card_not_yours"
    message = _("应由收到黄牌、红牌的单位说明情况。")


class CardExplained(Conflict):
    """The organ has explained the card already, in other words."""

    code = "card_explained"
    message = _("这张牌已经说明过情况。")


class MigrationBlocked(Conflict):
    """Some cases cannot be put under that version, or back."""

    code = "migration_blocked"
    message = _("有 %(n)s 个办件不能迁移：%(why)s。")


class VersionUnknown(Missing):
    """The procedure has no such version."""

    code = "procedure_version_unknown"
    message = _("流程“%(procedure)s”没有第 %(version)s 版。")


class CaseMovedOn(Conflict):
    """Somebody else acted meanwhile; ``params['events']`` says who did what, and when."""

    code = "case_moved_on"
    message = _(
        "您打开页面之后，办件已有变化：%(changes)s；现在的状态是“%(state)s”。请查看最新情况后再办理。"
    )


class KeyReused(Conflict):
    """One idempotency key was sent with two different requests."""

    code = "idempotency_key_reused"
    message = _("同一个请求编号已用于另一项操作，请刷新页面后重试。")


class UnknownCaseAction(Invalid):
    """The procedure knows no such action."""

    code = "unknown_case_action"
    message = _("“%(procedure)s”没有名为 %(action)s 的操作。")


class FieldRequired(Invalid):
    """An action was done without a field that it requires."""

    code = "field_required"
    message = _("请填写“%(label)s”。")


class FieldInvalid(Invalid):
    """A field's value is not of its type."""

    code = "field_invalid"
    message = _("“%(label)s”填写有误：%(why)s")


class FieldNotTaken(Invalid):
    """Data were sent that the action does not take; they would otherwise reach a decision unseen."""

    code = "field_not_taken"
    message = _("这项操作不接受“%(field)s”。")


class ReasonRequired(Invalid):
    """The action needs a reason."""

    code = "reason_required"
    message = _("请填写理由。")


class BadOccurrence(Invalid):
    """The time at which it is said to have happened cannot be."""

    code = "bad_occurrence"
    message = _("发生时间有误：%(why)s")


class LateEntryUngrounded(Invalid):
    """What is recorded late, or only after a limit has run out, needs a ground."""

    code = "late_entry_ungrounded"
    message = _("补录 24 小时以前发生、或时限届满以前发生的事项，请写明依据。")


class LateEntryMissing(Missing):
    """The case has no late entry of this number."""

    code = "late_entry_missing"
    message = _("没有找到这条补录。")


class LateEntryNotYours(Forbidden):
    """A late entry is confirmed by another person of the organ that recorded it or opened the case."""

    code = "late_entry_not_yours"
    message = _("补录须由记入单位或交办单位有权核准的另一人核准。")


class LateEntryDecided(Conflict):
    """Somebody has confirmed or refused the late entry already."""

    code = "late_entry_decided"
    message = _("这条补录已经核准或退回。")


class ParentNotFit(Conflict):
    """A case of this sort can be opened only on a parent of another sort or in another state."""

    code = "parent_not_fit"
    message = _("“%(procedure)s”只能在相应的办件办理过程中提出。")


class HolderMissing(Invalid):
    """It is not said which organ is to hold the case."""

    code = "holder_missing"
    message = _("请指定承办单位。")


class SubjectUnknown(Invalid):
    """There is no subject with this reference."""

    code = "case_subject_unknown"
    message = _("没有找到这个办事主体，请重新选择。")


class NotYourTurn(Conflict):
    """Another organ must act on the case now, or nobody any more."""

    code = "not_your_turn"
    message = _("现在没有轮到本单位办理这个办件，不能指定经办人。")


class NoSuchColleague(Invalid):
    """The person does not act for the organ."""

    code = "no_such_colleague"
    message = _("没有这位本单位人员，请重新选择。")


class ConcernsAnother(Conflict):
    """The case is about somebody else already."""

    code = "case_concerns_another"
    message = _("该办件已经关联其他主体，不能再改。")
