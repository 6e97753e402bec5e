"""Every "jittable" check fails for its own reason."""

from __future__ import annotations

import pytest

LOSS = "def loss_fn(params, x, y):\n{body}    return jnp.mean((model.apply(params, x) - y) ** 2)\n"

UNTRACEABLE = {
    "if on a value": ("    if y.mean() > 0:\n        y = y * 1\n", 2, ["`if`", "jnp.where"]),
    "float()": ("    y = y * float(y[0, 0] * 0 + 1)\n", 2, ["plain Python number"]),
    "item()": ("    y = y * (y[0, 0] * 0 + 1).item()\n", 2, ["plain Python number"]),
    "numpy": ("    y = np.asarray(y)\n", 2, ["NumPy", "jnp"]),
    "boolean mask": ("    y = y - 0 * y[y > 0].sum()\n", 2, ["boolean mask", "jnp.where"]),
    "range": ("    for _ in range(jnp.int32(y[0, 0]) * 0):\n        pass\n", 2, ["Python integer"]),
}


@pytest.mark.parametrize("case", UNTRACEABLE)
def test_untraceable_loss_is_found(notebook, case):
    """A loss that needs values while it is traced gets 0 points, with the line and the remedy."""
    body, line, words = UNTRACEABLE[case]
    result = notebook("02_regression", loss_fn=LOSS.format(body=body)).check("loss_fn")
    failed = [check for check in result.checks if check.status == "fail"]
    assert [check.name for check in failed] == ["traces"]
    assert (result.points, result.line) == (0, line)
    assert all(word in result.message for word in words), result.message


def test_changed_state_type_retraces(notebook):
    """An update whose optimiser state comes back with another type is traced twice, and told which leaf."""
    update = (
        "def update(params, opt_state, x, y):\n    grads = jax.grad(loss_fn)(params, x, y)\n"
        "    updates, opt_state = tx.update(grads, opt_state)\n"
        "    opt_state = jax.tree.map(lambda leaf: leaf.astype(jnp.float32), opt_state)\n"
        "    return optax.apply_updates(params, updates), opt_state"
    )
    captured = notebook("02_regression", update=update).capture("update")
    (finding,) = [f for f in captured.findings if f.check == "traced_once" and f.variant == "own"]
    assert "count" in finding.message
    assert "int32[] came in, float32[] goes out" in finding.message


def test_clearing_caches_retraces(notebook):
    """Clearing JAX's caches inside the function costs a trace per call."""
    captured = notebook("02_regression", loss_fn=LOSS.format(body="    jax.clear_caches()\n")).capture(
        "loss_fn"
    )
    assert "traced_once" in {finding.check for finding in captured.findings}


def test_other_result_under_jit_is_found(notebook):
    """A function that behaves differently while it is traced fails "jit equals eager"."""
    body = "    if isinstance(y, jax.core.Tracer):\n        y = y + 0.1\n"
    result = notebook("02_regression", loss_fn=LOSS.format(body=body)).check("loss_fn")
    assert "jit_equals_eager" in {check.name for check in result.checks if check.status == "fail"}


def test_program_of_one_platform_is_found(notebook):
    """A function that exists for the CPU alone does not lower for accelerators."""
    body = "    y = y + 0 * jax.scipy.linalg.schur(jnp.eye(2))[0].sum()\n"
    captured = notebook("02_regression", loss_fn=LOSS.format(body=body)).capture("loss_fn")
    (finding,) = [f for f in captured.findings if f.check == "lowers" and f.variant == "own"]
    assert "cuda, rocm, tpu" in finding.message


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ("jnp.sqrt(jnp.mean((model.apply(params, x) - y) ** 2) ** 2 * 0) + jnp.mean((model.apply(params, x) - y) ** 2)", "not finite"),
        ("jax.lax.stop_gradient(jnp.mean((model.apply(params, x) - y) ** 2))", "not the slope"),
    ],
    ids=["infinite slope", "stop_gradient"],
)  # fmt: skip
def test_bad_gradient_is_found(notebook, loss, words):
    """A right value with a wrong gradient fails the gradient check, and only that."""
    result = notebook("02_regression", loss_fn=f"def loss_fn(params, x, y):\n    return {loss}").check(
        "loss_fn"
    )
    failed = [check for check in result.checks if check.status == "fail"]
    assert [check.name for check in failed] == ["gradients_are_finite"]
    assert words in failed[0].message


def test_lying_vjp_is_found(notebook):
    """A custom VJP that does not belong to its function is found by finite differences."""
    before = (
        "@jax.custom_vjp\ndef mean_square(r):\n    return jnp.mean(r ** 2)\n"
        "mean_square.defvjp(lambda r: (jnp.mean(r ** 2), r), lambda r, g: (-g * 2 * r / r.size,))"
    )
    loss = "def loss_fn(params, x, y):\n    return mean_square(model.apply(params, x) - y)"
    result = notebook("02_regression", before=before, loss_fn=loss).check("loss_fn")
    assert [check.name for check in result.checks if check.status == "fail"] == ["gradients_are_finite"]


def test_what_cannot_be_traced_is_not_praised_as_a_program(notebook):
    """Where there is no program, what is asked of one is not run, rather than passed."""
    result = notebook("02_regression", loss_fn=LOSS.format(body="    y = np.asarray(y)\n")).check("loss_fn")
    status = {check.name: check.status for check in result.checks}
    assert (status["is_traced_once"], status["lowers_for_accelerators"]) == ("skip", "skip")


def test_array_instead_of_a_distribution_is_told_so(notebook):
    """A network that returns numbers is told what it returned, not what JAX said about it."""
    mdn = (
        "class MDN(nn.Module):\n    num_components: int\n    @nn.compact\n    def __call__(self, x):\n"
        "        return nn.Dense(self.num_components)(x)"
    )
    result = notebook("04_mdn", MDN=mdn).check("MDN")
    assert result.points == 0
    assert "`MDN` returns an array of shape (512, 16)" in result.message, result.message
    assert "must return a distribution" in result.message


def test_answer_that_does_not_run_is_not_praised_as_pure(notebook):
    """A typo in a name leaves nothing to say of purity: those checks are not run, rather than passed."""
    result = notebook("02_regression", loss_fn=LOSS.format(body="    y = yy\n")).check("loss_fn")
    assert [check.name for check in result.checks if check.status == "pass"] == []
    assert "line 2, raised NameError" in result.message
