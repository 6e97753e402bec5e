"""Whether the text of an answer is still the stub: then there is no answer, whatever the artifact holds."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograder.exercises.spec import Question
from autograder.judge.source.cells import Cells

_BEFORE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.Pass)


def stub_line(question: Question, sources: Sequence[str]) -> int | None:
    """The line at which the stub of `question` begins, if no cell binds that name to anything else.

    A program that comes with a stub was not made from what was handed in.
    """
    bound = [binding.node for binding in Cells.read(sources).bindings.get(question.name, [])]
    if not bound or not all(_is_stub(node, f"Task {question.name}:") for node in bound):
        return None
    return int(bound[-1].lineno)  # type: ignore[attr-defined]


def _is_stub(node: ast.AST, beginning: str) -> bool:
    if isinstance(node, ast.ClassDef):
        return any(_is_stub(method, beginning) for method in node.body)
    return isinstance(node, ast.FunctionDef) and _raises(node.body, beginning)


def _raises(body: Sequence[ast.stmt], beginning: str) -> bool:
    """Whether a function does nothing of note before it raises what a stub raises."""
    for statement in body:
        if isinstance(statement, ast.Raise):
            words = [node.value for node in ast.walk(statement) if isinstance(node, ast.Constant)]
            return any(isinstance(word, str) and word.startswith(beginning) for word in words)
        if not isinstance(statement, _BEFORE):
            return False
    return False
