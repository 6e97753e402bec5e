"""Can JAX compile the answer, once, and differentiate it?"""

import numpy as np

from autograder.exercises.checking import asked_by, fail, family
from autograder.exercises.slopes import along_gradient, along_random, elsewhere, rearranged

pytestmark = family("jittable")

# Right answers are well inside: benchmarks/tolerances.py prints by how much (docs/decisions/0005).
RTOL, ATOL = 1e-3, 1e-4
# A wrong gradient hides from one direction in up to one case of six.
DIRECTIONS = 3


def test_traces(facts):
    """Can be traced without the values of its arguments."""
    facts.require("traces")


def test_is_traced_once(facts):
    """Is traced once for repeated shapes."""
    facts.require("traced_once")


@asked_by("compiled")
def test_is_compiled(facts):
    """Runs its Python once, then only the compiled program."""
    facts.require("compiled")


def test_jit_equals_eager(answer):
    """Gives the same result compiled as in plain Python."""
    if not any(answer.with_examples()) and answer.returns_something():
        fail(
            f"`{answer.question}` came without the example that it was run on, so that it cannot be compared."
        )
    for program in answer.with_examples():
        compiled = answer.run_leaves(program, program.arguments)
        if [leaf.shape for leaf in program.eager] != [leaf.shape for leaf in compiled]:
            fail(
                f"`{answer.question}` returns arrays of other number or shape under `jax.jit` than without it. "
                "Something depends on whether it is traced."
            )
        for plain, fast in zip(program.eager, compiled, strict=True):
            if not np.allclose(plain, fast, rtol=RTOL, atol=ATOL, equal_nan=True):
                worst = np.nanmax(np.abs(plain - fast))
                fail(
                    f"`{answer.question}` gives another result under `jax.jit` than without it: they differ by up to "
                    f"{worst:.3g}. Something depends on when the Python runs (a global, a counter, a random state)."
                )


def test_lowers_for_accelerators(facts):
    """Lowers for cuda, rocm and tpu as it does for cpu."""
    facts.require("lowers")


@asked_by("gradients")
def test_gradients_are_finite(answer, question, seed):
    """Has finite gradients, equal to the slope of its value."""
    _expect_examples(answer, question.gradients)
    random = np.random.default_rng([seed, 2])
    for program in answer.with_examples():
        if program.name in question.gradients:
            count = program.leaves[0]
            point, rest = list(program.arguments[:count]), list(program.arguments[count:])
            gradient = _gradient(answer, program, point, rest, "on the public example")
            _compare(answer, along_gradient(answer, program, point, rest, gradient), "on the public example")
            # What a program does there it may know by heart; not here.
            point, rest = elsewhere(random, point), rearranged(random, rest)
            gradient = _gradient(answer, program, point, rest, "at other values")
            _compare(answer, along_gradient(answer, program, point, rest, gradient), "at other values")
            for _ in range(DIRECTIONS):
                found = along_random(answer, program, point, rest, gradient, random)
                _compare(answer, found, "at other values, in another direction")


def _expect_examples(answer, names):
    """Capture runs every answer on an example: an artifact without one was not made by it."""
    for name in names:
        programs = answer.programs_of(name)
        if all(program.outputs and not program.arguments for program in programs):
            fail(
                f"`{answer.question}` came without the example that it was run on, so that it cannot be compared."
            )


def _gradient(answer, program, point, rest, where):
    if not point:
        fail(
            f"`{answer.question}` has no parameters, so there is no gradient to train it with. `nn.Dense` and "
            "`self.param` make parameters."
        )
    value, gradient = answer.value_and_gradient(program, point, rest)
    if not np.isfinite(value):
        fail(
            f"`{answer.question}` gives {value} {where}, so it has no gradient. The correctness checks below may say "
            "more."
        )
    for leaf in gradient:
        if not np.isfinite(leaf).all():
            fail(
                f"The gradient of `{answer.question}` with respect to its first argument is not finite (NaN or "
                "infinite). Look for a square root or logarithm at 0, or a division by 0, also on the branch of a "
                "`jnp.where` that is not taken."
            )
    return gradient


def _compare(answer, comparison, where):
    if comparison is not None and not comparison.distance <= 1:
        fail(
            f"The gradient of `{answer.question}` is not the slope of its value: {where} it says "
            f"{comparison.gradient:.4g}, finite differences say {comparison.slopes[0]:.4g}. Something stops or "
            "replaces gradients (`stop_gradient`, rounding, `argmax`, a custom VJP)."
        )
