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
    """The case is in a state in which this cannot be done."""

    code = "action_not_possible"
    message = _("办件现在是“%(state)s”，不能“%(action)s”。请刷新后查看可以办理的操作。")


class CaseMovedOn(Conflict):
    """Somebody else acted meanwhile; ``params['events']`` says who did what."""

    code = "case_moved_on"
    message = _("您打开页面之后，办件已有变化：%(changes)s。请查看最新情况后再办理。")


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
    """What is recorded late needs a ground."""

    code = "late_entry_ungrounded"
    message = _("补录较早发生的事项，请写明依据。")


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
