"""Facts from tracing: does it trace, how often, is the program the same each time, does it call back to Python."""

from __future__ import annotations

import traceback
import types
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np
from jax.extend import core as jex_core

from autograder import why
from autograder.capture.mistakes import remedy
from autograder.capture.names import StudentNames
from autograder.exercises.spec import Call
from autograder.findings import calls_python
from autograder.wire.artifact import Finding
from autograder.wire.plain_text import first_line

_CALLBACKS = {
    "debug_callback",
    "io_callback",
    "pure_callback",
    "debug_print",
    "outside_call",
    "host_callback_call",
}

# Each kind of failed trace: what the student did, and what to do instead.
_CONCRETISATION: list[tuple[type[Exception], str, str]] = [
    (
        jax.errors.TracerBoolConversionError,
        "decides with `if`, `while`, `and` or `bool()` on a value that depends on an argument",
        "Use `jnp.where` or `jax.lax.cond`.",
    ),
    (
        jax.errors.TracerArrayConversionError,
        "hands a value that depends on an argument to NumPy (or to another library that is not JAX)",
        "Use the `jnp` function of the same name.",
    ),
    (
        jax.errors.TracerIntegerConversionError,
        "uses a value that depends on an argument as a Python integer (an index, a shape or a range)",
        "Use `jnp.take`, `jax.lax.fori_loop`, or take the number from a shape.",
    ),
    (
        jax.errors.NonConcreteBooleanIndexError,
        "selects with a boolean mask, so that the result's shape depends on values",
        "Use `jnp.where(mask, value, other)`, which keeps the shape.",
    ),
    (
        jax.errors.UnexpectedTracerError,
        "uses a tracer that an earlier trace left behind",
        "Pass values through arguments and return values only.",
    ),
    (
        jax.errors.ConcretizationTypeError,
        "turns a value that depends on an argument into a plain Python number (`float`, `int`, `.item()`, a function "
        "of `math`)",
        "Keep it an array; `jnp` has the functions of `math`.",
    ),
]


def trace(call: Call) -> Any:
    """The program of a fresh trace, a closed jaxpr."""
    return jax.make_jaxpr(lambda *args: call.function(*args))(*call.args)


def program_text(closed: Any) -> str:
    """A program, constants included, as text."""
    return f"{closed.jaxpr}\n{[_values(constant) for constant in closed.consts]}"


def _values(constant: Any) -> Any:
    is_key = jax.dtypes.issubdtype(getattr(constant, "dtype", None), jax.dtypes.prng_key)
    return np.asarray(jax.random.key_data(constant) if is_key else constant).tolist()


def trace_failure(error: BaseException, names: StudentNames, question: str) -> Finding:
    """The finding for a trace that raised `error`."""
    line, where = locate(error, names, question)
    for kind, deed, instead in _CONCRETISATION:
        if isinstance(error, kind):
            return Finding("traces", f"{where} {deed}. {why.TRACES} {instead}", line)
    return Finding(
        "traces",
        f"{where} cannot be traced: {type(error).__name__}: {first_line(error)}. {remedy(error) or why.TRACES}",
        line,
    )


def locate(error: BaseException, names: StudentNames, question: str) -> tuple[int | None, str]:
    """The innermost notebook line of a traceback, and "`loss_fn`, line 3," (or in which helper)."""
    line, function = None, question
    for frame, number in traceback.walk_tb(error.__traceback__):
        if names.is_student_frame(frame):
            line, function = number, names.owner(frame.f_code) or frame.f_code.co_name
    inside = line and function not in (question, "__call__", "<lambda>", "<module>")
    place = f", line {line}" + (f" (in `{function}`)," if inside else ",") if line else ""
    return line, f"`{question}`{place}"


def retraces(call: Call, question: str) -> list[Finding]:
    """Findings where a second call with equal shapes runs the Python body again, under one outer jit."""
    count = 0

    def counted(*args: Any) -> Any:
        nonlocal count
        count += 1
        return call.function(*args)

    jitted = jax.jit(counted)
    result = jitted.eval_shape(*call.args)
    if call.feeds_back and not _fits(result, call):
        return []  # the wrong structure is another check's finding
    again = (*result[: call.feeds_back], *call.args[call.feeds_back :]) if call.feeds_back else call.args
    jitted.eval_shape(*again)
    if count == 1:
        return []
    if call.feeds_back:
        changed = _changed_leaf(call.args[: call.feeds_back], result[: call.feeds_back])
        detail = (
            f"what it returns does not fit what it takes ({changed})" if changed else "it clears JAX's caches"
        )
        remedy = (
            "Return the parameters and the optimiser state with the structure, shapes and types that came in."
        )
    else:
        detail, remedy = "its body ran again for the same shapes", "Leave JAX's caches alone."
    message = (
        f"`{question}` is traced {count} times in two calls with equal shapes: {detail}. {why.TRACED_ONCE}"
    )
    return [Finding("traced_once", f"{message} {remedy}")]


def _fits(result: Any, call: Call) -> bool:
    """Whether what was returned can be handed in again."""
    if not isinstance(result, tuple | list) or len(result) != call.feeds_back:
        return False
    return bool(jax.tree.structure(tuple(result)) == jax.tree.structure(call.args[: call.feeds_back]))  # type: ignore[operator]


def _changed_leaf(before: Any, after: Any) -> str:
    old, new = jax.tree_util.tree_leaves_with_path(before), jax.tree_util.tree_leaves_with_path(after)
    if len(old) != len(new):
        return f"{len(old)} arrays came in, {len(new)} go out"
    for (path, a), (_, b) in zip(old, new, strict=True):
        if (a.shape, a.dtype) != (b.shape, b.dtype):
            name = jax.tree_util.keystr(path)
            return f"leaf {name}: {a.dtype}{list(a.shape)} came in, {b.dtype}{list(b.shape)} goes out"
    return "a leaf becomes weakly typed" if old else ""


def callbacks(closed: Any, names: StudentNames, question: str) -> list[Finding]:
    """Findings for host callbacks and JAX effects in a program."""
    findings = []
    for equation in _equations(closed.jaxpr):
        if equation.primitive.name in _CALLBACKS or (
            equation.effects and "callback" in equation.primitive.name
        ):
            findings.append(calls_python(question, _line_of(equation, names), equation.primitive.name))
    if closed.effects and not findings:
        effects = ", ".join(sorted(str(effect) for effect in closed.effects))
        findings.append(
            Finding("no_callbacks", f"`{question}` has the side effect {effects}. {why.CALLBACK}")
        )
    return findings


def _equations(jaxpr: Any) -> Iterator[Any]:
    for equation in jaxpr.eqns:
        yield equation
        for value in equation.params.values():
            for inner in value if isinstance(value, tuple | list) else (value,):
                if isinstance(inner, jex_core.ClosedJaxpr):
                    yield from _equations(inner.jaxpr)
                elif isinstance(inner, jex_core.Jaxpr):
                    yield from _equations(inner)


def _line_of(equation: Any, names: StudentNames) -> int | None:
    stack = equation.source_info.traceback
    files = {code.co_filename for code in student_code(names)}
    for frame in stack.frames if stack else ():
        if frame.file_name in files:
            return int(frame.line_num)
    return None


def student_code(names: StudentNames) -> Iterator[types.CodeType]:
    """The code of every function of the notebook's answers."""
    for question in names.assignment.automatic:
        for function in names.functions_of(question.name):
            yield function.__code__
