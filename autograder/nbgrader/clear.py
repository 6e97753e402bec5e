"""nbgrader's `ClearSolutions`, with a stub that names the task it stands for."""

from __future__ import annotations

import json
from typing import Any

from nbgrader import preprocessors

from autograder.exercises import assignment

LINE = 100


class ClearSolutions(preprocessors.ClearSolutions):
    """Replaces what stands between BEGIN SOLUTION and END SOLUTION by a stub of its question.

    nbgrader has one stub text per language. Ours raises the task itself, so that a student who runs a cell
    reads what is to be done, and capture recognises a stub by what it raises. Everything else is nbgrader's.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> Any:
        """Set the stub of this cell's question, then let nbgrader clear the cell."""
        options = cell.metadata.get("nbgrader", {})
        if options.get("solution"):
            task = assignment(resources["nbgrader"]["assignment"])[options["grade_id"]].stub_message
            self.code_stub = {"python": code_stub(task)}
            self.text_stub = text_stub(task)
        return super().preprocess_cell(cell, resources, cell_index)


def code_stub(task: str) -> str:
    """Python that raises `task`, under a comment that says where the answer goes."""
    message = json.dumps(task, ensure_ascii=False)  # double quotes, everything escaped that must be
    line = f"raise NotImplementedError({message})"
    if len(line) > LINE:
        line = f"raise NotImplementedError(\n    {message}\n)"
    return f"# YOUR CODE HERE, instead of this:\n{line}"


def text_stub(task: str) -> str:
    """Markdown to be replaced by a written answer."""
    return (
        f"**{task}**\n\n*(Double-click here and write your answer instead of this text. A person reads it.)*"
    )
