"""Right answers in unusual styles are right; wrong ones fail the check that is theirs, in words that help."""

from __future__ import annotations

import pytest

MLP = "class MLP(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        {body}"
MDN = (
    "class MDN(nn.Module):\n    num_components: int\n    @nn.compact\n    def __call__(self, x):\n"
    "        K, h = self.num_components, nn.relu(nn.Dense(64)(x))\n"
    "        logits, loc, rho = jnp.split(nn.Dense(3 * K)(h), 3, axis=-1)\n{body}"
)
MIXTURE = "        return tfd.MixtureSameFamily(tfd.Categorical(logits=logits), tfd.Normal(loc, scale))"
REWEIGHT = "def reweight(log_posterior, log_prior, log_new_prior, grid):\n{body}"
UPDATE = (
    "def update(params, opt_state, x, y):\n    grads = jax.grad(loss_fn)(params, x, y)\n"
    "    updates, state = tx.update(grads, opt_state)\n    new = optax.apply_updates(params, updates)\n    return {result}"
)

# id -> (assignment, question, answer)
RIGHT = {
    "one leaf of parameters": ("02_regression", "MLP", MLP.format(body="return nn.Dense(1, use_bias=False)(x)")),
    "bfloat16 inside": ("02_regression", "MLP", MLP.format(body="return nn.Dense(1)(nn.relu(nn.Dense(64, dtype=jnp.bfloat16)(x)))")),
    "bfloat16 parameters": ("02_regression", "MLP", MLP.format(body="return nn.Dense(1)(nn.relu(nn.Dense(64, param_dtype=jnp.bfloat16)(x)))")),
    "narrow squared widths": ("04_mdn", "MDN", MDN.format(body="        scale = rho**2 + 1e-3\n" + MIXTURE)),
    "narrow softplus widths": ("04_mdn", "MDN", MDN.format(body="        scale = nn.softplus(rho - 3) + 1e-3\n" + MIXTURE)),
    "a named tuple as distribution": (
        "04_mdn",
        "MDN",
        "from typing import NamedTuple\nclass Mixture(NamedTuple):\n    logits: jax.Array\n    loc: jax.Array\n    scale: jax.Array\n"
        "    def log_prob(self, y):\n        normals = jax.scipy.stats.norm.logpdf(y[:, None], self.loc, self.scale)\n"
        "        return jax.nn.logsumexp(jax.nn.log_softmax(self.logits) + normals, axis=-1)\n"
        "    def mean(self):\n        return jnp.sum(jax.nn.softmax(self.logits) * self.loc, -1)\n"
        + MDN.format(body="        return Mixture(logits, loc, nn.softplus(rho) + 1e-3)"),
    ),
    "density floored at 1e-30": (
        "04_mdn",
        "reweight",
        REWEIGHT.format(body="    u = log_posterior - log_prior + log_new_prior\n    return jnp.log(jax.nn.softmax(u) / (grid[1] - grid[0]) + 1e-30)"),
    ),
    "update that returns a list": ("02_regression", "update", UPDATE.format(result="[new, state]")),
    "update that returns a named tuple": (
        "02_regression",
        "update",
        "import collections\nStep = collections.namedtuple('Step', 'params opt_state')\n" + UPDATE.format(result="Step(new, state)"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_right_answer_passes(notebook, case):
    """Full points, and nothing to say."""
    name, question, answer = RIGHT[case]
    result = notebook(name, **{question: answer}).check(question)
    assert (result.status, result.message) == ("pass", "")


# id -> (assignment, question, answer, name of the first check that fails, words of its message)
WRONG = {
    "bfloat16 out": ("02_regression", "MLP", MLP.format(body="return nn.Dense(1, dtype=jnp.bfloat16)(x)"), "output_shape", "bfloat16"),
    "no parameters": ("02_regression", "MLP", MLP.format(body="return x[:, :1] - x[:, 1:2]"), "gradients_are_finite", "no parameters"),
    "forgotten return": ("02_regression", "MLP", MLP.format(body="nn.Dense(1)(x)"), "output_shape", "Is there a `return`?"),
    "statistics of the batch": ("02_regression", "MLP", MLP.format(body="return nn.Dense(1)(nn.BatchNorm(use_running_average=False)(x))"), "runs", "batch_stats"),
    "batch shape (b, 1)": (
        "04_mdn", "MDN",
        MDN.format(body="        scale = nn.softplus(rho) + 1e-3\n        logits, loc, scale = logits[:, None], loc[:, None], scale[:, None]\n" + MIXTURE),
        "runs", "batch shape (512, 1)",
    ),
    "numbers instead of a distribution": (
        "04_mdn", "MDN", MDN.format(body="        return logits, loc, nn.softplus(rho)"), "runs", "`tuple`, which has no method `log_prob`",
    ),
    "weights over the batch": (
        "04_mdn", "MDN",
        MDN.format(body="        scale = nn.softplus(rho) + 1e-3\n        logits = nn.softmax(logits, axis=0)\n" + MIXTURE),
        "rows_are_independent", "batch axis",
    ),
    "no centre below zero": (
        "04_mdn", "MDN", MDN.format(body="        scale = nn.softplus(rho) + 1e-3\n        loc = nn.relu(loc)\n" + MIXTURE),
        "mean_follows_the_features", "never negative",
    ),
    "ignores the features": (
        "04_mdn", "MDN", MDN.format(body="        scale = nn.softplus(rho) + 1e-3\n" + MIXTURE).replace("(64)(x)", "(64)(0 * x)"),
        "mean_follows_the_features", "same for every cluster",
    ),
    "no spacing": ("04_mdn", "reweight", REWEIGHT.format(body="    return jax.nn.log_softmax(log_posterior - log_prior + log_new_prior)"), "is_normalised", "grid spacing"),
    "new prior forgotten": (
        "04_mdn", "reweight", REWEIGHT.format(body="    return jax.nn.log_softmax(log_posterior - log_prior) - jnp.log(grid[1] - grid[0])"),
        "is_bayes_theorem", "new prior",
    ),
    "/512": ("04_mdn", "loss_fn", "def loss_fn(params, x, y):\n    return -model.apply(params, x).log_prob(y[:, 0]).sum() / 512", "is_negative_log_likelihood", "batch of one"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_answer_is_told_why(notebook, case):
    """No points; the first check that fails is the one that knows, and its message names the question."""
    name, question, answer, check, words = WRONG[case]
    result = notebook(name, **{question: answer}).check(question)
    failed = [item for item in result.checks if item.status == "fail"]
    assert (result.points, failed[0].name) == (0, check), failed
    assert words in failed[0].message
    assert f"`{question}`" in failed[0].message


def test_other_result_while_traced_is_a_failed_check(notebook):
    """A loss that returns more in plain Python than under jit fails; the grader does not."""
    loss = (
        "def loss_fn(params, x, y):\n    loss = jnp.mean((model.apply(params, x) - y) ** 2)\n"
        "    return loss if isinstance(loss, jax.core.Tracer) else (loss, loss)"
    )
    result = notebook("02_regression", loss_fn=loss).check("loss_fn")
    failed = {check.name: check.message for check in result.checks if check.status == "fail"}
    assert "whether it is traced" in failed["jit_equals_eager"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("MLP = nn.Sequential([nn.Dense(1)])", "`MLP` must be a class"),
        ("MLP = None", "`MLP` is a NoneType"),
        ("class MLP(nn.Module):\n    width: int\n", "missing 1 required positional argument"),
        ("class MLP:\n    pass", "without `init` and `apply`"),
    ],
    ids=["instance", "none", "required field", "no module"],
)
def test_what_makes_no_module_is_told_so(notebook, answer, words):
    """Something that cannot be built is named for what it is; the given cell below it fails too, as in a notebook."""
    book = notebook("02_regression")
    exec(answer, book.namespace)
    result = book.check("MLP")
    assert result.points == 0
    assert words in result.message, result.message


@pytest.mark.parametrize(("assignment", "question"), [("02_regression", "MLP"), ("04_mdn", "MDN")])
def test_stub_of_a_module_is_missing(notebook, assignment, question):
    """A module whose stub is still there is missing, not failed, and its task is named."""
    from autograder.exercises import assignment as find

    stub = find(assignment)[question].stub_message
    module = (
        f"class {question}(nn.Module):\n    num_components: int = 1\n\n    @nn.compact\n    def __call__(self, x):\n"
        f"        raise NotImplementedError({stub!r})"
    )
    result = notebook(assignment, **{question: module}).check(question)
    assert (result.status, result.points) == ("missing", 0)
    assert stub in result.message


def test_checks_that_cannot_be_read_are_our_failure(notebook, monkeypatch):
    """A broken file of checks is an error of the grader, never a 0 and never called an interruption."""
    from autograder.exercises import assignment as find
    from autograder.grading.self_check import self_check
    from autograder.judge import judge

    book = notebook("04_mdn")
    broken = lambda question, checks: [checks / "no_such_file.py"]  # noqa: E731
    monkeypatch.setattr(judge, "_files", broken)
    verdict = self_check(book.namespace, find("04_mdn"), "reweight", book.sources, seed=1)
    assert verdict.error
