"""A hint, for terminals and for notebooks."""

from __future__ import annotations

from autograder.learning.hints import Hint
from autograder.report.section import section_html
from autograder.report.text import rich_html


def hint_text(hint: Hint, again: str) -> str:
    """The hint as plain text; `again` is what one types for the next."""
    lines = [_headline(hint)]
    if not hint.done:
        lines += [f"  {number}. {text}" for number, text in enumerate(hint.shown, 1)]
    lines += [f"Taught in the section “{hint.section}” of {hint.assignment}.ipynb." if hint.section else ""]
    lines += [_next(hint, again)]
    return "\n".join(line for line in lines if line)


def hint_html(hint: Hint, again: str) -> str:
    """The same as HTML, the section as a link within the notebook."""
    items = "".join(f"<li>{rich_html(text)}</li>" for text in hint.shown)
    parts = [
        f"<p><b>{rich_html(_headline(hint))}</b></p>",
        f"<ol>{items}</ol>" if items and not hint.done else "",
        f"<p>Taught in the section {section_html(hint.section)}.</p>" if hint.section else "",
        f"<p>{rich_html(_next(hint, f'`{again}`'))}</p>",
    ]
    return f'<div class="autograder">{"".join(parts)}</div>'


def _headline(hint: Hint) -> str:
    if hint.done:
        return f"`{hint.key}` passes already."
    if hint.exhausted:
        return f"`{hint.key}`: you have seen all {hint.of} hints."
    return f"`{hint.key}`: hint {len(hint.shown)} of {hint.of}"


def _next(hint: Hint, again: str) -> str:
    if hint.done:
        return f"For a hint all the same, ask again: {again}"
    if len(hint.shown) < hint.of:
        return f"One more: {again}"
    give_up = f"To see the reference answer, in a terminal: autograder solution {hint.key} --give-up"
    return give_up if hint.exhausted else f"That was the last one. {give_up}"
