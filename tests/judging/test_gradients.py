"""A gradient that is not the slope of its value is found, wherever the lie is kept."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from autograder.capture.capture import capture
from autograder.exercises import assignment
from autograder.judge.judge import judge
from autograder.wire.artifact import Artifact

# A loss with a VJP of its own; `true` is the right gradient, `lie` what is returned in its place.
LOSS = """
def plain(params, x, y):
    return jnp.mean((model.apply(params, x) - y) ** 2)

@jax.custom_vjp
def loss_fn(params, x, y):
    return plain(params, x, y)

def forward(params, x, y):
    return loss_fn(params, x, y), (params, x, y)

def backward(kept, cotangent):
    params, x, y = kept
    true, *others = jax.grad(plain, (0, 1, 2))(params, x, y)
    tree = jax.tree.structure(true)
    leaves = jax.tree.leaves(true)
    {lie}
    lie = jax.tree.unflatten(tree, [jnp.asarray(leaf, jnp.float32) for leaf in lie])
    return tuple(jax.tree.map(lambda leaf: cotangent * leaf, part) for part in (lie, *others))

loss_fn.defvjp(forward, backward)
"""
# The public example, as a student can print it.
KNOWN = "jnp.abs(x[0] - {x}).max() < 1e-6"
LIES = {
    "another sign": "lie = [-leaf for leaf in leaves]",
    "twice as long": "lie = [2 * leaf for leaf in leaves]",
    "nothing": "lie = [0 * leaf for leaf in leaves]",
    "some layers left out": "lie = [leaf if leaf.ndim > 1 else 0 * leaf for leaf in leaves]",
    "only the last layer": "lie = [0 * leaf for leaf in leaves[:-1]] + leaves[-1:]",
    "half of the entries left out": "lie = [jnp.where(jnp.arange(leaf.size).reshape(leaf.shape) % 2, leaf, 0) for leaf in leaves]",
    "right along itself alone": (
        "noise = [jax.random.normal(jax.random.PRNGKey(i), leaf.shape) for i, leaf in enumerate(leaves)]\n"
        "    dot = lambda a, b: sum(jnp.vdot(p, q) for p, q in zip(a, b))\n"
        "    share = dot(noise, leaves) / dot(leaves, leaves)\n"
        "    noise = [n - share * leaf for n, leaf in zip(noise, leaves)]\n"
        "    size = 0.9 * jnp.sqrt(dot(leaves, leaves) / dot(noise, noise)) * jnp.sqrt(1 / 0.81 - 1)\n"
        "    lie = [0.81 * leaf + 0.9 * size * n for n, leaf in zip(noise, leaves)]"
    ),
    "towards trained parameters": "lie = [p - 0.5 for p in jax.tree.leaves(params)]",
    "right on the public data": f"lie = [jnp.where({KNOWN}, leaf, -leaf) for leaf in leaves]",
    "right at the public parameters": (
        "here = jnp.abs(jax.tree.leaves(params)[0]).max() == 0  # a bias is zero before training\n"
        "    lie = [jnp.where(here, leaf, 3 * leaf) for leaf in leaves]"
    ),
    "right for other weights than training has": "lie = [jnp.where(cotangent == 1, -leaf, leaf) for leaf in leaves]",
}  # fmt: skip


def known_x() -> str:
    """The first row of the public example, as source."""
    from autograder.exercises.examples import example_inputs

    return f"jnp.array({np.asarray(example_inputs()[0][0]).tolist()})"


@pytest.mark.parametrize("case", LIES)
def test_lie_is_found(notebook, case):
    """A loss of the right value with a wrong VJP fails, and is told what is wrong."""
    lie = LIES[case].replace("{x}", known_x())
    result = notebook("02_regression", loss_fn=LOSS.replace("{lie}", lie)).check("loss_fn")
    failed = {check.name: check.message for check in result.checks if check.status == "fail"}
    assert set(failed) == {"gradients_are_finite"}, failed
    assert "not the slope" in failed["gradients_are_finite"]


def test_own_gradient_that_is_right_passes(notebook):
    """A VJP of one's own costs nothing where it is right."""
    result = notebook("02_regression", loss_fn=LOSS.replace("{lie}", "lie = leaves")).check("loss_fn")
    assert (result.status, result.message) == ("pass", "")


@pytest.mark.parametrize("left_out", ["arguments", "eager"])
def test_artifact_without_examples_gains_nothing(notebook, left_out):
    """Who takes the examples out of the artifact, so that nothing is compared with them, fails for that."""
    book = notebook("02_regression")
    spec = assignment("02_regression")
    honest = capture(book.namespace, spec, ["loss_fn"], book.sources, needed=["MLP"])

    def without(question):
        programs = tuple(dataclasses.replace(program, **{left_out: ()}) for program in question.programs)
        return dataclasses.replace(question, programs=programs)

    forged = dataclasses.replace(honest, questions=tuple(map(without, honest.questions)))
    result = judge(Artifact.from_bytes(forged.to_bytes()), ["loss_fn"], seed=3)["loss_fn"]
    assert "jit_equals_eager" in {check.name for check in result.checks if check.status == "fail"}
