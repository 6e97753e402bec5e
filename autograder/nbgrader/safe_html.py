"""Feedback and formgrader show what students wrote as HTML; here it loses everything that could run."""

from __future__ import annotations

from typing import Any

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from nbconvert.filters.markdown import markdown2html_mistune
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool

TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "hr", "i"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "img", "ins", "kbd", "li", "ol", "p", "pre", "s", "span", "strong"}
    | {"sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"}
)
ATTRIBUTES = {
    "*": {"class", "title"},
    **{tag: {"style"} for tag in ("span", "td", "th")},
    "a": {"href"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
}
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
CSS = CSSSanitizer(allowed_css_properties=["color", "text-align", "vertical-align", "padding"])
# Only these outputs are shown; the autograder writes no others.
SHOWN = {"text/plain", "text/html"}


class SafeHTML(Preprocessor):
    """Cleans outputs and raw cells; with `markdown` as filter, a notebook can then show but not run anything.

    nbconvert's own `sanitize_html` would strip the autograder's tables too, and leave some outputs alone.
    """

    enabled = Bool(True).tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Clean one cell."""
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs = [_safe(output) for output in cell.outputs]
        elif cell.cell_type == "raw":
            cell.source = clean(cell.source)
        return cell, resources


def markdown(source: str) -> str:
    """Markdown as clean HTML: a filter for nbconvert's `markdown2html`, which lets all HTML through."""
    return clean(markdown2html_mistune(source))


def clean(text: str) -> str:
    """`text` with the tags, attributes and links that are only shown; anything else is escaped."""
    return str(bleach.clean(text, tags=TAGS, attributes=_allowed, protocols=PROTOCOLS, css_sanitizer=CSS))


def _allowed(tag: str, name: str, value: str) -> bool:
    if value.strip().lower().startswith("data:"):
        return tag == "img" and name == "src" and value.startswith("data:image/png;base64,")
    return name in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())


def _safe(output: NotebookNode) -> NotebookNode:
    if "data" in output:
        output.data = {kind: text for kind, text in output.data.items() if kind in SHOWN}
        if "text/html" in output.data:
            output.data["text/html"] = clean(output.data["text/html"])
    return output
