"""Why a file yields no proposals; each message says what to do next."""

from yingshang.kernel.errors import Invalid


class PolicyNotReadable(Invalid):
    """The bytes are no plain text in UTF-8 or GB18030, or more than a policy ever holds."""

    code = "policy_not_readable"
