"""Can JAX compile the answer, once, and differentiate it?"""

import numpy as np

from autograder.exercises.checking import asked_by, fail, family, gradient_length, slopes_along

pytestmark = family("jittable")

# Right answers are well inside: benchmarks/tolerances.py prints by how much (docs/decisions/0005).
RTOL, ATOL = 1e-3, 1e-4
SLOPE_RTOL, SLOPE_ATOL = 0.1, 1e-3


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
def test_gradients_are_finite(answer, question):
    """Has finite gradients, equal to the slope of its value."""
    for program in answer.with_examples():
        if program.name in question.gradients:
            _check_gradient(answer, program)


def _check_gradient(answer, program):
    count = program.leaves[0]
    if count == 0:
        fail(
            f"`{answer.question}` has no parameters, so there is no gradient to train it with. `nn.Dense` and "
            "`self.param` make parameters."
        )
    point, rest = list(program.arguments[:count]), program.arguments[count:]
    value, gradient = answer.value_and_gradient(program, point, rest)
    if not np.isfinite(value):
        fail(
            f"`{answer.question}` gives {value} on the public example, so it has no gradient. The correctness "
            "checks below may say more."
        )
    for leaf in gradient:
        if not np.isfinite(leaf).all():
            fail(
                f"The gradient of `{answer.question}` with respect to its first argument is not finite (NaN or "
                "infinite). Look for a square root or logarithm at 0, or a division by 0, also on the branch of a "
                "`jnp.where` that is not taken."
            )
    length = gradient_length(gradient)
    slopes = list(slopes_along(answer, program, gradient))
    if not any(abs(slope - length) <= SLOPE_RTOL * max(abs(slope), length) + SLOPE_ATOL for slope in slopes):
        fail(
            f"The gradient of `{answer.question}` is not the slope of its value: along it the gradient says "
            f"{length:.4g}, finite differences say {slopes[0]:.4g}. Something stops or replaces gradients "
            "(`stop_gradient`, rounding, `argmax`, a custom VJP)."
        )
