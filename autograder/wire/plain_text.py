"""Text that came near student code, made safe to print."""

from __future__ import annotations

import re

# Escape sequences whole (colours, titles, links).
_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: window title, hyperlink
    r"|[\x1b\x9b][\[()#;?]*[0-9;:?]*[ -/]*[@-~]?"  # CSI: colours, cursor
)
# C0 and C1 controls but line feed and tab, the marks that turn the direction of text around, line separators that are
# no line feed, and lone surrogates, which no file can hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """`text` without escape sequences and control characters; safe to print."""
    return _UNPRINTABLE.sub("", _ESCAPES.sub("", text))


def is_plain(text: str) -> bool:
    """Whether `plain` would leave `text` as it is."""
    return _UNPRINTABLE.search(text) is None


def shorten(text: str, limit: int) -> str:
    """`text`, cut to `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def first_line(error: BaseException) -> str:
    """The first line of an exception's text, short enough to read, without links."""
    text = re.sub(r"\s*\(https?://[^\s)]*\)|:?\s*https?://\S+", "", str(error)).strip()
    return shorten(text.splitlines()[0], 200).rstrip(".") if text else "no message"
