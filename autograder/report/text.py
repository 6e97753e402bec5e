"""Text that came near student code, made safe for terminals and HTML."""

from __future__ import annotations

import html
import re

# Escape sequences whole (colours, titles, links).
ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: window title, hyperlink
    r"|[\x1b\x9b][\[()#;?]*[0-9;:?]*[ -/]*[@-~]?"  # CSI: colours, cursor
)
# C0 and C1 controls, and the marks that turn the direction of text around.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CODE = re.compile(r"`([^`\n]+)`")


def plain(text: str) -> str:
    """`text` without escape sequences and control characters; safe to print."""
    return CONTROLS.sub("", ESCAPES.sub("", text))


def rich_html(text: str) -> str:
    """`text` escaped for HTML, with `code` between backticks as code and lines kept."""
    escaped = html.escape(plain(text))
    return CODE.sub(r"<code>\1</code>", escaped).replace("\n", "<br>")


def located(message: str, line: int | None) -> str:
    """`message` with the line that is to blame, unless it names one already."""
    return f"Line {line}: {message}" if line and f"line {line}" not in message.lower() else message


def points(value: float) -> str:
    """Points as people write them: 3, 1.2."""
    return f"{value:.4g}"
