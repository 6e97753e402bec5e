"""A reference answer, for a terminal."""

from __future__ import annotations

import re

from rich.console import Console
from rich.markdown import Markdown
from rich.rule import Rule
from rich.syntax import Syntax

from autograder.learning.solutions import Solution


def show_solution(console: Console, solution: Solution, name: str, section: str) -> None:
    """Print the prose that leads to the answer, then the answer: one of many that are right."""
    if solution.why:
        console.print(Rule(f"Why: {section}", align="left"), _prose(solution.why), "")
    console.print(Rule(f"The reference answer to {name}", align="left"))
    if not solution.is_code:
        console.print(_prose(solution.text))
        return
    # Neither cut nor padded, whatever the width: it is to be copied.
    code = Syntax("", "python", background_color="default").highlight(solution.text)
    console.print(code, soft_wrap=True)
    console.print("One of many that pass: what counts is what an answer does.", style="dim")


def _prose(text: str) -> Markdown:
    """Prose whose formulas a terminal shows as they are written, but for their thin spaces.

    Markdown would take the backslash of `\\,` for its own, and leave a comma.
    """
    return Markdown(re.sub(r"\$\$?[^$]+\$\$?", lambda formula: re.sub(r"\\[,;!]\s*", " ", formula[0]), text))
