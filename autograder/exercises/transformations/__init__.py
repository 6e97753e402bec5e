"""01_jax: pure functions, gradients, compilation, mapping over a batch."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jax.numpy as jnp
import numpy as np

from autograder.exercises.spec import Assignment, Call, Calls, Question
from autograder.exercises.transformations import given
from autograder.exercises.transformations.answers import function_of

LENGTH = 16
# Shapes of the matrices that `matvec` is asked for; where there is one row, a `squeeze` loses it.
MATRICES = ((7, 5), (1, 5))
# Compiled programs are kept by shape: every check asks for a shape of its own, which nothing is compiled for yet.
_UNUSUAL_LENGTHS = itertools.count(19)


def at_one_number(question: str) -> str:
    """The program of `question` for x of shape (); the one for (b,) has the question's own name."""
    return f"{question} at one number"


def _numbers(*shape: int) -> Any:
    return jnp.asarray(np.random.default_rng(1).uniform(-1.5, 1.5, size=shape), jnp.float32)


def _call(names: Mapping[str, Any], question: str, program: str, *args: Any) -> Call:
    return Call(program, function_of(names[question]), args, differentiable=False)


def _elementwise(question: str, *constants: float) -> Calls:
    """Calls with x of shapes (b,) and (), and constants of shape ()."""
    rest = tuple(jnp.float32(constant) for constant in constants)

    def calls(names: Mapping[str, Any]) -> Iterator[Call]:
        yield _call(names, question, question, _numbers(LENGTH), *rest)
        yield _call(names, question, at_one_number(question), _numbers(), *rest)

    return calls


def _of_vector(question: str, *lengths: int) -> Calls:
    """Calls with x of shape (length,)."""

    def calls(names: Mapping[str, Any]) -> Iterator[Call]:
        for length in lengths:
            yield _call(names, question, question, _numbers(length))

    return calls


def _matvec(names: Mapping[str, Any]) -> Iterator[Call]:
    for rows, columns in MATRICES:
        yield _call(names, "matvec", "matvec", _numbers(rows, columns), _numbers(columns))


ASSIGNMENT = Assignment(
    name="01_jax",
    title="JAX: NumPy, gradients, compilation",
    checks=Path(__file__).parent,
    given=frozenset(given.names()),
    rebind=lambda _: given.names(),
    globals_are_the_lesson=True,
    questions=(
        Question(
            name="gradient",
            points=1,
            task="return the gradient of `my_func` at x, shape (10,) -> (10,).",
            calls=_of_vector("gradient", 10),
            hints=(
                "Do not derive it by hand: JAX has a function that takes a function and gives its derivative.",
                "`jax.grad` takes a function and returns a function. Whose values are asked for here?",
                "Make the new function with `jax.grad`, then call it with `x`; return what that gives.",
            ),
            section="Gradients",
        ),
        Question(
            name="pure_polynomial",
            points=1,
            task="return 2 x^2 + 3 x + 2 and do nothing else, x of shape () or (b,).",
            calls=_elementwise("pure_polynomial"),
            # To leave the print in is to leave the task undone.
            shares=MappingProxyType({"pure": 0.8, "jittable": 0.1, "correct": 0.1}),
            hints=(
                "What does `impure_fun_side_effect` do, apart from computing a number?",
                "All that anybody may notice of a pure function is the value that it returns.",
                "The same formula without the line that prints.",
            ),
            section="A side effect",
        ),
        Question(
            name="offset_polynomial",
            points=1,
            task="return 2 x^2 + 3 x + c with c from the argument, x of shape () or (b,), c of shape ().",
            calls=_elementwise("offset_polynomial", 4.0),
            hints=(
                "Which line of `impure_fun_uses_globals` depends on something that is no argument?",
                "The new function has two arguments, `x` and `c`; the result must change when `c` does.",
                "The same formula with the argument `c` where the given one has the global `C`.",
            ),
            section="A global",
        ),
        Question(
            name="matvec",
            points=2,
            task="return the matrix-vector product W x, compiled, shapes (n, d), (d,) -> (n,).",
            calls=_matvec,
            # The product is one method; to have it compiled is the task.
            shares=MappingProxyType({"pure": 0.1, "jittable": 0.6, "correct": 0.3}),
            compiled=lambda: (jnp.ones((next(_UNUSUAL_LENGTHS), 3)), jnp.ones(3)),
            hints=(
                "First the product alone: every row of W with x, as `my_func` does it with `m`.",
                "`jax.jit` is a decorator, and a function from a function to a compiled one. Either will do.",
                "Write `@jax.jit` in the line above the `def`; leave the body as it is in plain NumPy.",
            ),
            section="Decorator or transformation",
        ),
        Question(
            name="jacobian",
            points=1,
            task="return the Jacobian of `vector_func` at x, shape (3,) -> (2, 3).",
            calls=_of_vector("jacobian", 3),
            hints=(
                "`jax.grad` is for functions with one number as their value. `vector_func` has two.",
                "Row i holds the derivatives of value i: as many rows as values, as many columns as arguments.",
                "`jax.jacobian` (or `jax.jacfwd`, `jax.jacrev`) is used like `jax.grad`.",
            ),
            section="Jacobians and Hessians",
        ),
        Question(
            name="hessian",
            points=1,
            task="return the Hessian of `scalar_func` at x, shape (3,) -> (3, 3).",
            calls=_of_vector("hessian", 3),
            hints=(
                "A Hessian holds all second derivatives. What is the derivative of a gradient?",
                "The gradient of `scalar_func` is a function with three values: it has a Jacobian.",
                "`jax.hessian` does both in one; so does a `jax.jacobian` around a `jax.grad`.",
            ),
            section="Jacobians and Hessians",
        ),
        Question(
            name="batched_derivative",
            points=2,
            task="return the derivative of `f` at each entry of x, compiled, shape (b,) -> (b,).",
            calls=_of_vector("batched_derivative", LENGTH, 1),
            shares=MappingProxyType({"pure": 0.1, "jittable": 0.4, "correct": 0.5}),
            compiled=lambda: (jnp.ones(next(_UNUSUAL_LENGTHS)),),
            hints=(
                "Build it from the inside: first the derivative of `f` at one number.",
                "`jax.grad` wants one number; `jax.vmap` makes of a function of one number one of many.",
                "Three transformations, one inside the other: grad innermost, then vmap, then jit.",
            ),
            section="Transformations compose",
        ),
    ),
)
