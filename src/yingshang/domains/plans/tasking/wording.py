"""What may stand as a report of progress: words, not a figure by itself."""

import re

_BARE = re.compile(
    r"(?:[已约总体完成进度率达到为到:：\s]|progress|done|complete[d]?)*"
    r"\d{1,3}(?:[.．]\d+)?\s*[%％]?"
    r"(?:[左右以上。.!！\s]|done|complete[d]?)*",
    re.IGNORECASE,
)


def is_bare_percentage(text: str) -> bool:
    """Tell whether a report says nothing but how many percent are done, such as ``完成80%``."""
    return _BARE.fullmatch(text.strip()) is not None
