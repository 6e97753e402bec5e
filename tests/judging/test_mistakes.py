"""Mistakes that everybody makes once are answered with what to write instead."""

from __future__ import annotations

import pytest

MLP = "class MLP(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n"
UPDATE = "def update(params, opt_state, x, y):\n"
MISTAKES = {
    "a module called without parameters": (
        "02_regression",
        "loss_fn",
        "def loss_fn(params, x, y):\n    return jnp.mean((model(x) - y) ** 2)\n",
        "`model.apply(params, x)`, not `model(x)`",
    ),
    "the gradient of a value": (
        "01_jax",
        "gradient",
        "def gradient(x):\n    return jax.grad(my_func(x))\n",
        "`jax.grad(f)(x)`, not `jax.grad(f(x))`",
    ),
    "a layer in place of its output": (
        "02_regression",
        "MLP",
        MLP + "        return nn.Dense(1)(nn.relu(nn.Dense(64)))\n",
        "A layer is made first, and then called",
    ),
    "a layer made from its input": (
        "02_regression",
        "MLP",
        MLP + "        return nn.Dense(x)\n",
        "A layer is made first, and then called",
    ),
    "arithmetic with a tree": (
        "02_regression",
        "update",
        UPDATE + "    return params - 1e-3 * jax.grad(loss_fn)(params, x, y), opt_state\n",
        "`jax.tree.map`",
    ),
    "other arguments than the stub's": (
        "04_mdn",
        "reweight",
        "def reweight(log_density, prior_density):\n    return log_density - prior_density\n",
        "keeps the arguments that its stub has",
    ),
    "an argument left out": (
        "02_regression",
        "update",
        UPDATE + "    return tx.update(jax.grad(loss_fn)(params, x), opt_state)\n",
        "Compare the call with the first line",
    ),
    "a branch on an array": (
        "03_likelihood",
        "bernoulli_nll",
        "def bernoulli_nll(logits, labels):\n    return jax.nn.softplus(-logits if labels == 1 else logits)\n",
        "`jnp.where(condition, this, that)`",
    ),
    "arguments in another order": (
        "02_regression",
        "update",
        UPDATE + "    return tx.update(jax.grad(loss_fn)(x, y, params), opt_state)\n",
        "In which order",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_says_what_to_write_instead(notebook, case):
    """The remedy follows the library's own words, in the one finding that there is."""
    assignment, question, answer, words = MISTAKES[case]
    captured = notebook(assignment, **{question: answer}).capture(question)
    assert any(finding.check == "runs" and words in finding.message for finding in captured.findings), [
        finding.message for finding in captured.findings
    ]


def test_unknown_error_is_left_as_it_is(notebook):
    """For anything else the way to the whole story is named."""
    answer = "def gradient(x):\n    return jax.grad(my_func)(y)\n"
    captured = notebook("01_jax", gradient=answer).capture("gradient")
    (finding,) = [finding for finding in captured.findings if finding.check == "runs"]
    assert "name 'y' is not defined. Call it with small arrays" in finding.message


def test_long_errors_are_cut_where_it_shows(notebook):
    """No half of an address is left, and an ellipsis stands for what is missing."""
    answer = "def gradient(x):\n    x[0] = 1.0\n    return x\n"
    captured = notebook("01_jax", gradient=answer).capture("gradient")
    (finding,) = [finding for finding in captured.findings if finding.check == "runs"]
    assert "https" not in finding.message
    assert "x.at[idx].set(y)" in finding.message
