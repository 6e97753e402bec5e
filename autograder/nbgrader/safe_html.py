"""Feedback and formgrader show what students wrote as HTML; here it loses everything that could run."""

from __future__ import annotations

import html
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
# Our mark of a cell that is escaped already.
_AS_IT_IS = "autograder_as_it_is"
# Only these outputs are shown; the autograder writes no others.
SHOWN = {"text/plain", "text/html"}

# Characters of one cell of a student's, of one line of its code, and of all together, that are formatted: turning text
# into HTML takes a time that grows as the square of what some texts are long (20,000 opening tags: minutes).
MAX_CELL, MAX_LINE, MAX_ALL = 20_000, 1_000, 100_000
CUT = "… The rest is too long to be shown here; it is in what was handed in."


class SafeHTML(Preprocessor):
    """Cleans outputs and raw cells; with `markdown` as filter, a notebook can then show but not run anything.

    nbconvert's own `sanitize_html` would strip the autograder's tables too, and leave some outputs alone.
    """

    enabled = Bool(True).tag(config=True)
    _left = MAX_ALL

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean a notebook."""
        self._left = MAX_ALL
        return super().preprocess(nb, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Clean one cell."""
        cell.pop("attachments", None)
        cell.metadata.pop(_AS_IT_IS, None)
        if not cell.metadata.get("nbgrader", {}).get("locked"):
            self._bound(cell)
        if cell.cell_type == "code":
            cell.outputs = [_safe(output) for output in cell.outputs]
        elif cell.cell_type == "raw" and not cell.metadata.get(_AS_IT_IS):
            cell.source = clean(cell.source)
        return cell, resources

    def _bound(self, cell: NotebookNode) -> None:
        """Show a cell that is too long for its beginning: code short, all else as it was typed."""
        most = min(MAX_CELL, max(self._left, 0))
        self._left -= len(cell.source)
        longest = max(map(len, cell.source.splitlines()), default=0)
        if len(cell.source) <= most and (cell.cell_type != "code" or longest <= MAX_LINE):
            return
        lines = [line[:MAX_LINE] for line in cell.source[:MAX_LINE].splitlines()]
        if cell.cell_type == "code":
            cell.source = "\n".join([*lines, f"# {CUT}"])
        else:
            cell.cell_type = "raw"
            cell.metadata[_AS_IT_IS] = True
            cell.source = f"<pre>{html.escape(chr(10).join([*lines, CUT]))}</pre>"


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
