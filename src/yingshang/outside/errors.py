"""Conditions about outside bodies."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing, Unavailable


class BodyUnknown(Missing):
    """There is no outside body of this key."""

    code = "outside_body_unknown"
    message = _("没有标识为 %(body)s 的外部单位。")


class MessageUnknown(Invalid):
    """The body takes no such message."""

    code = "outside_message_unknown"
    message = _("“%(body)s”不接收报文 %(message)s。")


class OutsideValueUnknown(Invalid):
    """A value was given that the message or the answer does not have."""

    code = "outside_value_unknown"
    message = _("“%(message)s”没有 %(field)s 这一项，请去掉。")


class OutsideValueMissing(Invalid):
    """A required value is missing."""

    code = "outside_value_missing"
    message = _("“%(message)s”缺少“%(field)s”，请补上。")


class OutsideValueUnfit(Invalid):
    """A value is not of the field's type; the value itself is not repeated, it may be sensitive."""

    code = "outside_value_unfit"
    message = _("“%(message)s”的“%(field)s”应填%(expected)s。")


class AskedOtherwise(Conflict):
    """The same was asked before with other content."""

    code = "outside_asked_otherwise"
    message = _("此事已向“%(body)s”发出内容不同的请求 %(request)s，不能再以另一内容发出。")


class OutsideRequestMissing(Missing):
    """There is no such request, as far as the actor may know."""

    code = "outside_request_missing"
    message = _("没有找到这条对外请求，或您没有查看它的权限。")


class AnswerUnreadable(Invalid):
    """An answer has not the shape of an answer."""

    code = "outside_answer_unreadable"
    message = _("答复无法识别：%(why)s")


class ReasonUnknown(Invalid):
    """A refusal names a reason that is not declared."""

    code = "outside_reason_unknown"
    message = _("拒绝原因 %(reason)s 不在约定之内，可以是：%(known)s。")


class AnswerContradicts(Conflict):
    """The answer was kept and not applied: an earlier one says otherwise."""

    code = "outside_answer_contradicts"
    message = _("这份答复与先前的答复不一致，已留存，未采用，将由人工核对。")


class SignatureWrong(Forbidden):
    """The callback is not signed with the body's secret."""

    code = "outside_signature_wrong"
    message = _("签名不正确。请用约定的密钥对时间戳和原文签名。")


class SignatureStale(Forbidden):
    """The callback was signed too long ago, or in the future."""

    code = "outside_signature_stale"
    message = _("时间戳与本机相差超过 %(seconds)s 秒。请校准时钟后重新签名发送。")


class SecretMissing(Unavailable):
    """Nobody has given this installation the body's secret."""

    code = "outside_secret_missing"
    message = _("还没有为“%(body)s”配置密钥，请联系平台管理员。")


class CallbackTooLarge(Invalid):
    """A callback is larger than any answer may be."""

    code = "outside_callback_too_large"
    message = _("报文超过 %(limit)s 字节。")


class CallbackNotJson(Invalid):
    """A callback is not a JSON object in UTF-8."""

    code = "outside_callback_not_json"
    message = _("报文应为 UTF-8 编码的 JSON 对象，Content-Type 为 application/json。")


class OutsideGroundMissing(Invalid):
    """What a person does by hand needs a ground."""

    code = "outside_ground_missing"
    message = _("请写明依据和理由。")


class RequestSettled(Conflict):
    """The request has its final answer."""

    code = "outside_request_settled"
    message = _("这条请求已经有最终答复，请刷新后查看。")


class RequestUnderWay(Conflict):
    """The request is waiting or being sent anyway."""

    code = "outside_request_under_way"
    message = _("这条请求正在发送或等待发送，不需要重发。")


class NoContradiction(Conflict):
    """There is no open contradiction to settle."""

    code = "outside_no_contradiction"
    message = _("这条请求没有待核对的矛盾答复，请刷新后查看。")


class DifferenceMissing(Missing):
    """There is no such open difference, as far as the actor may know."""

    code = "outside_difference_missing"
    message = _("没有找到这条对账差异，它可能已经关闭。")


class NotSimulated(Conflict):
    """The body is a real one."""

    code = "outside_body_not_simulated"
    message = _("“%(body)s”不是模拟单位，不能设置它的行为。")


class BehaviourUnfit(Invalid):
    """The behaviour cannot be."""

    code = "outside_behaviour_unfit"
    message = _("模拟行为无法设置：%(why)s")


class BodyUnavailable(Unavailable):
    """The body does not say what it holds."""

    code = "outside_body_unavailable"
    message = _("“%(body)s”现在没有回应：%(why)s")
