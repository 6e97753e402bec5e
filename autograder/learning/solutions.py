"""The reference answer of a question, from the solutions that the kit carries, with the prose that leads to it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from autograder import places
from autograder.learning.outline import HEADING

MARKER = re.compile(r"^\s*#+ (BEGIN|END) SOLUTION\s*$")


class WithheldError(LookupError):
    """This kit carries no solution of the assignment: an instructor keeps it back."""


@dataclass(frozen=True)
class Solution:
    """A reference answer: `text` is Python, or Markdown for a written one; `why` is Markdown."""

    text: str
    why: str
    is_code: bool


def solution(assignment: str, question: str, section: str) -> Solution:
    """The reference answer to `question`, and its `section` of the notebook up to there.

    Raises:
        WithheldError: if the kit carries none.
    """
    path = places.notebooks("solutions") / assignment / f"{assignment}.ipynb"
    if not path.is_file():
        raise WithheldError(
            f"the solutions of {assignment} are not in this installation: your instructor keeps them back. "
            f"`autograder hint {assignment}/{question}` still helps."
        )
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    place = next(index for index, cell in enumerate(cells) if cell["id"] == question)
    return Solution(
        text="\n".join(line for line in _source(cells[place]).splitlines() if not MARKER.match(line)),
        why=_section(cells[:place], section),
        is_code=cells[place]["cell_type"] == "code",
    )


def _section(cells: list[dict[str, Any]], section: str) -> str:
    """The prose from the heading `section` on."""
    prose = "\n\n".join(_source(cell) for cell in cells if cell["cell_type"] == "markdown")
    headings = [match for match in HEADING.finditer(prose) if match[1] == section]
    return prose[headings[-1].end() :].strip() if headings else ""


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
