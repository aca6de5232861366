"""What a text does not allow."""

from yingshang.kernel.errors import Invalid
from yingshang.kernel.errors import marked as _


class CannotEdit(Invalid):
    """The text is laid out so that this change would touch something else."""

    code = "rule_text_needs_typing"
    message = _("这里的写法不能这样改而不动到别处，请在“文字”中直接修改")
