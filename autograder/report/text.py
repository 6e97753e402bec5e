"""Text that came near student code, made safe for terminals and HTML."""

from __future__ import annotations

import html
import re

from autograder.wire.plain_text import plain

__all__ = ["located", "plain", "points", "rich_html"]

CODE = re.compile(r"`([^`\n]+)`")


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
