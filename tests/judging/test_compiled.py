"""What counts as compiled: of two plain calls with equal shapes, only the first runs the Python body."""

from __future__ import annotations

import jax.numpy as jnp
import pytest

from autograder.capture.compiled import not_compiled
from autograder.capture.names import StudentNames
from autograder.exercises.spec import Assignment, Question

QUESTION = Question("matvec", 2, "return W.dot(x).", compiled=lambda: (jnp.ones((7, 5)), jnp.ones(5)))
ASSIGNMENT = Assignment("01_jax", "JAX", (), checks=None)
IMPORTS = "import functools\nimport jax\nimport jax.numpy as jnp\n"

COMPILED = {
    "decorator": "@jax.jit\ndef matvec(W, x):\n    return W.dot(x)",
    "transformation": "def product(W, x):\n    return W.dot(x)\nmatvec = jax.jit(product)",
    "lambda": "matvec = jax.jit(lambda W, x: W @ x)",
    "partial": "@functools.partial(jax.jit)\ndef matvec(W, x):\n    return W.dot(x)",
    "wrapper": "fast = jax.jit(lambda W, x: W.dot(x))\ndef matvec(W, x):\n    return fast(W, x)",
    "jit in the body, of a function outside": (
        "def product(W, x):\n    return W.dot(x)\ndef matvec(W, x):\n    return jax.jit(product)(W, x)"
    ),
    "library function": "matvec = jnp.dot",
    "wrapper around a library's function, compiled": (
        "fast = jax.jit(jax.vmap(jnp.dot, in_axes=(0, None)))\ndef matvec(W, x):\n    return fast(W, x)"
    ),
    "vmap of a jit": "row = jax.jit(lambda w, x: w.dot(x))\nmatvec = jax.vmap(row, in_axes=(0, None))",
    "helper": "def dot(W, x):\n    return W.dot(x)\n@jax.jit\ndef matvec(W, x):\n    return dot(W, x)",
}
NOT_COMPILED = {
    "plain": "def matvec(W, x):\n    return W.dot(x)",
    "jit of a new function at each call": "def matvec(W, x):\n    return jax.jit(lambda W, x: W.dot(x))(W, x)",
    "wrapper around a library's function, imported": "from jax.numpy import dot\ndef matvec(W, x):\n    return dot(W, x)",
    "a compiled function that is not used": "fast = jax.jit(jnp.dot)\ndef matvec(W, x):\n    return W.dot(x)",
    "jit forgotten": "def matvec(W, x):\n    jax.jit(matvec)\n    return W.dot(x)",
    "vmap only": "matvec = jax.vmap(lambda w, x: w.dot(x), in_axes=(0, None))",
    "caches cleared": "@jax.jit\ndef fast(W, x):\n    return W @ x\ndef matvec(W, x):\n    jax.clear_caches()\n    return fast(W, x)",
}


def findings(source):
    """What is found against `matvec`, defined by `source`."""
    namespace = {"__name__": "__main__"}
    exec(IMPORTS + source, namespace)
    return not_compiled(QUESTION, StudentNames(namespace, ASSIGNMENT, [source]))


@pytest.mark.parametrize("style", COMPILED)
def test_compiled_in_any_style(style):
    """Whatever runs its body once is compiled."""
    assert findings(COMPILED[style]) == []


@pytest.mark.parametrize("style", NOT_COMPILED)
def test_not_compiled(style):
    """Whatever runs its body again is told how to compile it once."""
    (finding,) = findings(NOT_COMPILED[style])
    assert finding.check == "compiled"
    assert "`matvec` runs its Python again" in finding.message
    assert "@jax.jit" in finding.message
    assert ("inside the body" in finding.message) == ("new function" in style or "forgotten" in style)


@pytest.mark.parametrize(
    "body", ["return W.nothing", "return jax.jit(W.dot)"], ids=["raises", "returns a function"]
)
def test_an_answer_without_a_result_is_not_blamed_for_this(body):
    """What it raises, or returns in place of an array, is another check's finding."""
    assert findings(f"def matvec(W, x):\n    {body}") == []


def test_nothing_is_printed_by_the_calls(capfd):
    """What the answer says while it is called does not reach the notebook."""
    assert findings("@jax.jit\ndef matvec(W, x):\n    print('noise')\n    return W.dot(x)") == []
    assert capfd.readouterr() == ("", "")
