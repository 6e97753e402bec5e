"""Whether an answer is compiled: of two plain calls with equal shapes, only the first runs the Python body."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder import why
from autograder.capture.functions import root_functions
from autograder.capture.names import StudentNames
from autograder.capture.output import recorded_output
from autograder.exercises.spec import Question
from autograder.wire.artifact import Finding


def not_compiled(question: Question, names: StudentNames) -> list[Finding]:
    """A finding where the second of two plain calls runs all of the Python that the first one ran.

    A wrapper around a compiled function may run each time, as long as something below it does not: a function of the
    notebook, or a function of a library that the notebook has compiled. The arguments have shapes of their own, which
    the notebook has hardly called the answer with: nothing is compiled for them yet. What the answer raises, or
    returns in place of arrays, is another check's finding.
    """
    assert question.compiled is not None
    answer = names[question.name]
    arguments = question.compiled()
    kept = _kept_programs(names)
    try:
        with recorded_output(
            names, question.name
        ):  # what it says, other calls find: here it is only kept away
            first, second = (_bodies_run(names, answer, arguments) for _ in range(2))
    except Exception:
        return []
    if not second or second < first or _kept_programs(names) > kept:
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
    """The notebook's functions whose Python runs during one call.

    Raises:
        Exception: what the answer raises; TypeError where it returns something else than arrays.
    """
    ran: set[types.CodeType] = set()

    def note(frame: types.FrameType, event: str, _: Any) -> None:
        if event == "call" and names.is_student_frame(frame):
            ran.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        result = answer(*arguments)
    finally:
        sys.setprofile(before)
    jax.tree.map(jnp.asarray, result)
    return ran


def _kept_programs(names: StudentNames) -> int:
    """How many programs are kept by what the notebook compiled of libraries' functions alone (`jax.jit(jnp.dot)`)."""
    compiled = {id(value): value for value in names.namespace.values() if hasattr(value, "_cache_size")}
    return sum(
        int(value._cache_size())
        for value in compiled.values()
        if not _is_of_a_library(value) and not root_functions(value, names.namespace)
    )


def _is_of_a_library(value: Any) -> bool:
    """Whether `value` was imported as it is, as `jnp.dot` is, which JAX compiles by itself."""
    module = sys.modules.get(getattr(value, "__module__", ""))
    return getattr(module, getattr(value, "__name__", ""), None) is value
