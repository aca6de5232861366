"""From the bytes of a file to its text: UTF-8, or GB18030 where it decodes cleanly, and never too much."""

from typing import Final

from yingshang.domains.policies.extracting.errors import PolicyNotReadable

MOST_BYTES: Final = 4 * 1024 * 1024
MOST_CHARACTERS: Final = 200_000
"""Longer than any policy; the time to read grows in proportion to the text."""


def read_policy(data: bytes) -> str:
    """Return the text of a plain text file.

    Raises :class:`PolicyNotReadable` for another format, another encoding, an empty or too large file.
    """
    if len(data) > MOST_BYTES:
        raise PolicyNotReadable("文件超过4MB，不像一份政策；请只提供政策正文")
    text = _decoded(data)
    if not text.strip():
        raise PolicyNotReadable("文件里没有文字；请提供政策正文的纯文本（txt）")
    check_length(text)
    return text


def check_length(text: str) -> None:
    """Raise :class:`PolicyNotReadable` for a text longer than a policy ever is."""
    if len(text) > MOST_CHARACTERS:
        raise PolicyNotReadable(f"正文超过{MOST_CHARACTERS}字，不像一份政策；请分开读取")


def _decoded(data: bytes) -> str:
    if b"\x00" in data or any(byte < 9 or 13 < byte < 27 for byte in data[:4096]):
        raise PolicyNotReadable("这不是纯文本文件；请把政策正文另存为txt（UTF-8）再读取")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig" or _reads_as_chinese(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise PolicyNotReadable("无法识别文字编码；请另存为UTF-8编码的纯文本再读取")


def _reads_as_chinese(text: str) -> bool:
    """Tell whether most of what is beyond ASCII is Chinese: GB18030 accepts nearly any bytes."""
    beyond = [character for character in text if character > "\x7f"]
    known = sum("\u4e00" <= c <= "\u9fff" or c in "，。；：、（）“”《》〔〕—％　·…" for c in beyond)
    return not any("\ue000" <= c <= "\uf8ff" for c in beyond) and known * 10 >= len(beyond) * 9
