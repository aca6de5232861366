"""Refusals that only programs meet, each with its status (RFC 9110, RFC 9457)."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class Unreadable(Invalid):
    """The body is no JSON, holds a key twice, is nested too deeply, or holds what no text has."""

    code = "unreadable_body"
    message = _("请求内容不是有效的 JSON：%(why)s。")
    status: ClassVar[int] = 400


class WrongInput(Invalid):
    """What was sent does not fit the operation; ``errors`` says what and where."""

    code = "wrong_input"
    message = _("提交的内容不符合接口要求，请按 errors 逐项改正。")


class WrongMediaType(Invalid):
    """The body is not of the type that the operation takes."""

    code = "wrong_media_type"
    message = _("请求内容的类型应为 %(type)s。")
    status: ClassVar[int] = 415


class BodyTooLarge(Invalid):
    """The body is larger than any operation of this sort takes."""

    code = "body_too_large"
    message = _("请求内容超过 %(limit)s KB。")
    status: ClassVar[int] = 413


class NotSignedIn(Forbidden):
    """The operation needs an account, and the request names none."""

    code = "not_signed_in"
    message = _("请登录，或在 Authorization 中写明访问令牌。")
    status: ClassVar[int] = 401


class TokenInvalid(Forbidden):
    """The access token is unknown, expired or revoked, or the account or mandate behind it has ended."""

    code = "token_invalid"
    message = _("访问令牌无效：可能已到期、已撤销，或账号、授权已经变化。请重新建立令牌。")
    status: ClassVar[int] = 401


class TokenReadsOnly(Forbidden):
    """The access token was made for reading only."""

    code = "token_reads_only"
    message = _("这个访问令牌只能读取。请另建一个可以办理的令牌。")


class PasswordMustChange(Forbidden):
    """The account has a one-time password, which must be changed before anything else."""

    code = "password_must_change"
    message = _("您用的是一次性密码，请先登录网站换成自己的密码。")


class NotFromHere(Forbidden):
    """A request with a browser's session does not carry the token that only our own pages have."""

    code = "csrf_failed"
    message = _("用浏览器会话写入时，要带上 X-CSRFToken。")


class TooManyRequests(Forbidden):
    """More requests in a minute than anybody may send; ``Retry-After`` says when to go on."""

    code = "too_many_requests"
    message = _("请求过于频繁，请 %(seconds)s 秒后再试。")
    status: ClassVar[int] = 429


class KeyInUse(Conflict):
    """A request with the same idempotency key is still being worked on."""

    code = "idempotency_key_in_use"
    message = _("同一编号的请求正在办理，请稍后用同一编号重试。")


class KeyMeansOther(Invalid):
    """The idempotency key was used for another request; a new request needs a key of its own."""

    code = "idempotency_key_mismatch"
    message = _("这个请求编号（Idempotency-Key）已用于内容不同的请求，请换一个编号。")


class UnreadableKey(Invalid):
    """The idempotency key is empty, too long, or holds other than visible ASCII characters."""

    code = "unreadable_idempotency_key"
    message = _("请求编号（Idempotency-Key）应为 1 至 80 个可见的 ASCII 字符。")


class UnreadableMatch(Invalid):
    """``If-Match`` does not hold one version as an answer's ``ETag`` gave it."""

    code = "unreadable_if_match"
    message = _('If-Match 应照抄读取时的 ETag，例如 "7"。')


class NoSuchToken(Missing):
    """The actor has no access token in use of that reference."""

    code = "no_such_token"
    message = _("没有找到这个令牌，它可能已经撤销。")


class TooManyTokens(Conflict):
    """The account has as many access tokens in use as it may have."""

    code = "too_many_tokens"
    message = _("在用的令牌已有 %(n)s 个，请先撤销不用的。")


class TokenNameMissing(Invalid):
    """An access token needs a name by which its owner knows it again."""

    code = "token_name_missing"
    message = _("请写明令牌的用途。")


class TokenLifeWrong(Invalid):
    """An access token must end on a later day, at most a year from now."""

    code = "token_life_wrong"
    message = _("到期日应在明天至 %(days)s 天之内。")


class ScopeNotHeld(Forbidden):
    """An access token may carry only permissions that the actor has itself."""

    code = "scope_not_held"
    message = _("令牌的权限不能超出您当前身份的权限。")
