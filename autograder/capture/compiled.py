"""Whether an answer is compiled: of two plain calls with equal shapes, only the first runs the Python body."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

from autograder.artifact import Finding
from autograder.capture import why
from autograder.capture.names import StudentNames
from autograder.exercises.spec import Question


def not_compiled(question: Question, names: StudentNames) -> list[Finding]:
    """A finding where the second of two plain calls runs all of the Python that the first one ran.

    A wrapper around a compiled function may run each time, as long as something below it does not. The arguments
    have shapes of their own, which the notebook has hardly called the answer with: nothing is compiled for them yet.
    What the answer raises is another check's finding.
    """
    assert question.compiled is not None
    answer = names[question.name]
    arguments = question.compiled()
    try:
        first, second = (_bodies_run(names, answer, arguments) for _ in range(2))
    except Exception:
        return []
    if not second or second < first:
        return []
    message = f"`{question.name}` runs its Python again at the second call with equal shapes. {why.COMPILED}"
    remedy = (
        "Compile it once, where it is defined: `@jax.jit` above the `def`, or `name = jax.jit(function)`."
    )
    if any("jit" in code.co_names for code in second):
        remedy += " A `jax.jit` inside the body does not help: it starts anew at every call."
    return [Finding("compiled", f"{message} {remedy}")]


def _bodies_run(
    names: StudentNames, answer: Callable[..., Any], arguments: tuple[Any, ...]
) -> set[types.CodeType]:
    """The notebook's functions whose Python runs during one call."""
    ran: set[types.CodeType] = set()

    def note(frame: types.FrameType, event: str, _: Any) -> None:
        if event == "call" and names.is_student_frame(frame):
            ran.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        answer(*arguments)
    finally:
        sys.setprofile(before)
    return ran
