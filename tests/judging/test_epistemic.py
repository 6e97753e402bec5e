"""05_epistemic: what its checks let through, what they refuse, and what they say of it."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.exercises.checking import likely_cause
from autograder.exercises.epistemic import mistakes, stand_ins
from autograder.exercises.epistemic.line import LineData, MeanField, kl, softplus
from autograder.exercises.epistemic.network import DropoutNetwork

NAME = "05_epistemic"
KL = "def kl_to_prior(variational_params):\n    loc, rho = variational_params['loc'], variational_params['rho']\n{}"
EACH = "    entry = lambda m, r: {}\n    return sum(jnp.sum(leaf) for leaf in jax.tree.leaves(jax.tree.map(entry, loc, rho)))"
SCALE = "jax.nn.softplus(r)"
ELBO = """
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    keys = dict(zip(("slope", "intercept"), jax.random.split(key)))
    scale = {{name: jax.nn.softplus(rho[name]) for name in rho}}
    noise = {{name: {noise} for name in loc}}
    weights = {{name: loc[name] + scale[name] * noise[name] for name in loc}}
    log_likelihood = {log_likelihood}
    return {loss}
"""
PARTS = {
    "noise": "jax.random.normal(keys[name])",
    "log_likelihood": "jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()",
    "loss": "(kl_to_prior(variational_params) - log_likelihood) / len(y)",
}
NETWORK = "class DropoutMLP(nn.Module):\n    @nn.compact\n    def __call__(self, x, deterministic):\n{}"
SAMPLES = (
    "def mc_predict(params, key, x, num_samples):\n"
    "    def sample(key):\n"
    "        return dropout_model.apply(params, x, deterministic=False, rngs={{'dropout': key}})[:, 0]\n"
    "    return {}"
)
PARTS_OF_VARIANCE = "def decompose(means, variances):\n    return {}"


def elbo(**changed: str) -> str:
    """The loss with some of its parts replaced."""
    return ELBO.format(**PARTS | changed)


def network(*lines: str) -> str:
    """A network whose `__call__` has these lines."""
    return NETWORK.format("".join(f"        {line}\n" for line in lines))


# question, answer
RIGHT = {
    "log of the squared scale": ("kl_to_prior", KL.format(EACH.format(f"0.5 * ({SCALE}**2 + m**2 - 1 - jnp.log({SCALE} ** 2))"))),
    "log1p of exp": ("kl_to_prior", KL.format(EACH.format("0.5 * (jnp.log1p(jnp.exp(r))**2 + m**2 - 1) - jnp.log(jnp.log1p(jnp.exp(r)))"))),
    "a static method": ("kl_to_prior", "class Divergence:\n    @staticmethod\n    def of(p):\n        return sum(tfd.Normal(m, jax.nn.softplus(r)).kl_divergence(tfd.Normal(0.0, 1.0)).sum() for m, r in zip(jax.tree.leaves(p['loc']), jax.tree.leaves(p['rho'])))\nkl_to_prior = Divergence.of"),
    "noise by the inverse distribution function": ("elbo_loss", elbo(noise="jax.scipy.special.ndtri(jax.random.uniform(keys[name], minval=1e-6, maxval=1 - 1e-6))")),
    "the likelihood as a mean": ("elbo_loss", elbo(log_likelihood="jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).mean()", loss="kl_to_prior(variational_params) / len(y) - log_likelihood")),
    "dropout on one layer of three": ("DropoutMLP", network("for _ in range(3):", "    x = nn.tanh(nn.Dense(40)(x))", "x = nn.Dropout(0.05)(x, deterministic)", "return nn.Dense(1)(x)")),
    "half of the units": ("DropoutMLP", network("for _ in range(2):", "    x = nn.Dropout(0.5, deterministic=deterministic)(nn.relu(nn.Dense(128)(x)))", "return nn.Dense(1)(x)")),
    "eight units": ("DropoutMLP", network("x = nn.Dropout(0.1)(nn.elu(nn.Dense(8)(x)), deterministic=deterministic)", "return nn.Dense(1)(x)")),
    "normalised layers": ("DropoutMLP", network("for _ in range(2):", "    x = nn.Dropout(0.1)(nn.relu(nn.LayerNorm()(nn.Dense(64)(x))), deterministic=deterministic)", "return nn.Dense(1)(x)")),
    "its argument by another name": ("DropoutMLP", network("return nn.Dense(1)(nn.Dropout(0.1)(nn.relu(nn.Dense(64)(x)), deterministic=off))").replace("x, deterministic)", "x, off=True)", 1)),
    "keys folded in": ("mc_predict", SAMPLES.format("jnp.stack([sample(jax.random.fold_in(key, i)) for i in range(num_samples)])")),
    "a scan": ("mc_predict", SAMPLES.format("jax.lax.scan(lambda key, _: (jax.random.split(key)[0], sample(jax.random.split(key)[1])), key, length=num_samples)[1]")),
    "its own module": ("mc_predict", SAMPLES.replace("dropout_model", "DropoutMLP()").format("jax.vmap(sample)(jax.random.split(key, num_samples))")),
    "a list": ("decompose", PARTS_OF_VARIANCE.format("[jnp.average(variances, axis=0), jnp.mean(means**2, axis=0) - jnp.mean(means, axis=0) ** 2]")),
    "a mapped function": ("decompose", PARTS_OF_VARIANCE.format("jax.vmap(lambda m, v: (jnp.mean(v), jnp.var(m)), in_axes=1)(means, variances)")),
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_right_answer_passes(notebook, case):
    """Full points, and nothing to say."""
    question, answer = RIGHT[case]
    result = notebook(NAME, **{question: answer}).check(question)
    assert (result.status, result.message) == ("pass", "")


# question, answer, first check that fails, words of its message
WRONG = {
    "a vector of two": ("kl_to_prior", KL.format("    m, r = jnp.stack(jax.tree.leaves(loc)), jnp.stack(jax.tree.leaves(rho))\n    return jnp.sum(0.5 * (jax.nn.softplus(r)**2 + m**2 - 1) - jnp.log(jax.nn.softplus(r)))"), "runs", "where `loc` and `rho` are nested dictionaries"),
    "one draw a point": ("elbo_loss", elbo(noise="jax.random.normal(keys[name], y.shape)"), "draws_the_weights", "one draw for each point"),
    "uniform": ("elbo_loss", elbo(noise="jax.random.uniform(keys[name])"), "draws_the_weights", "vary too little"),
    "off centre": ("elbo_loss", elbo(noise="0.5 + jax.random.normal(keys[name])"), "draws_the_weights", "not centred on `loc`"),
    "twice as wide": ("elbo_loss", elbo(noise="2 * jax.random.normal(keys[name])"), "draws_the_weights", "e has variance 1"),
    "signs": ("elbo_loss", elbo(noise="jax.random.rademacher(keys[name], ()).astype(float)"), "draws_the_weights", "not Normal"),
    "stopped": ("elbo_loss", elbo(log_likelihood="jax.scipy.stats.norm.logpdf(y, predict(jax.lax.stop_gradient(weights), x), noise_scale).sum()"), "gradients_are_finite", "stop_gradient"),
    "shifted loss": ("elbo_loss", elbo(loss="(kl_to_prior(variational_params) - log_likelihood) / len(y) + 3 * jax.nn.relu(variational_params['rho']['slope'] + 5)"), "uses_one_draw", "The loss at the weights that it draws"),
    "dropout on the input": ("DropoutMLP", network("x = nn.Dropout(0.1)(x, deterministic=deterministic)", "return nn.Dense(1)(nn.relu(nn.Dense(64)(x)))"), "drops_hidden_units", "its input"),
    "dropout of the whole layer": ("DropoutMLP", network("x = nn.Dropout(0.3, broadcast_dims=(0, 1))(nn.relu(nn.Dense(64)(x)), deterministic=deterministic)", "return nn.Dense(1)(x)"), "drops_hidden_units", "a whole layer at once"),
    "rate zero": ("DropoutMLP", network("x = nn.Dropout(0.0)(nn.relu(nn.Dense(64)(x)), deterministic=deterministic)", "return nn.Dense(1)(x)"), "dropout_follows_the_key", "nothing is dropped"),
    "rate one": ("DropoutMLP", network("x = nn.Dropout(1.0)(nn.relu(nn.Dense(64)(x)), deterministic=deterministic)", "return nn.Dense(1)(x)"), "dropout_follows_the_key", "nothing is dropped"),
    "not rescaled": ("DropoutMLP", network("for _ in range(2):", "    x = nn.relu(nn.Dense(64)(x))", "    if not deterministic:", "        x = x * jax.random.bernoulli(self.make_rng('dropout'), 0.5, x.shape)", "return nn.Dense(1)(x)"), "keeps_the_mean", "so that the mean stays"),
    "a line": ("DropoutMLP", network("x = nn.Dropout(0.1)(nn.Dense(64)(x), deterministic=deterministic)", "return nn.Dense(1)(x)"), "is_no_line", "straight line"),
    "ignores x": ("DropoutMLP", network("x = nn.Dropout(0.1)(nn.relu(nn.Dense(64)(0 * x)), deterministic=deterministic)", "return nn.Dense(1)(x)"), "depends_on_x", "the same at every point"),
    "statistics of the batch": ("DropoutMLP", network("x = nn.relu(nn.Dense(64)(x))", "x = nn.Dropout(0.1)(x - x.mean(axis=0), deterministic=deterministic)", "return nn.Dense(1)(x)"), "rows_are_independent", "of a point changes"),
    "statistics with dropout": ("DropoutMLP", network("h = nn.relu(nn.Dense(64)(x))", "h = nn.Dropout(0.1)(h, deterministic=deterministic)", "return nn.Dense(1)(h if deterministic else h + x.mean())"), "rows_are_independent", "With dropout"),
    "same start": ("DropoutMLP", network("same = lambda k, s, d: jnp.sin(jnp.arange(s[0] * s[1], dtype=d)).reshape(s)", "x = nn.Dropout(0.1)(nn.relu(nn.Dense(64, kernel_init=same)(x)), deterministic=deterministic)", "return nn.Dense(1, kernel_init=same)(x)"), "init", "same parameters for every key"),
    "never off": ("DropoutMLP", network("x = nn.Dropout(0.1)(nn.relu(nn.Dense(64)(x)), deterministic=False)", "return nn.Dense(1)(x)"), "runs", "not fixed to False"),
    "key by another name": ("DropoutMLP", network("x = nn.Dropout(0.1, rng_collection='noise')(nn.relu(nn.Dense(64)(x)), deterministic=deterministic)", "return nn.Dense(1)(x)"), "runs", 'another name than "dropout"'),
    "no argument": ("DropoutMLP", network("return nn.Dense(1)(nn.relu(nn.Dense(64)(x)))").replace("x, deterministic)", "x)"), "runs", "deterministic"),
    "keys in pairs": ("mc_predict", SAMPLES.format("jnp.stack([sample(jax.random.fold_in(key, i // 2)) for i in range(num_samples)])"), "samples_differ", "the same masks"),
    "fixed key": ("mc_predict", SAMPLES.format("jax.vmap(sample)(jax.random.split(jax.random.PRNGKey(0), num_samples))"), "follows_the_key", "the argument `key` is not used"),
    "twice as far": ("mc_predict", SAMPLES.format("3 * jax.vmap(sample)(jax.random.split(key, num_samples))"), "predicts_each_point", "not that of predictions"),
    "averages of many": ("mc_predict", SAMPLES.format("jax.vmap(sample)(jax.random.split(key, 8 * num_samples)).reshape(8, num_samples, -1).mean(axis=0)"), "spreads_like_dropout", "neither averaged"),
    "points the wrong way round": ("mc_predict", SAMPLES.format("jax.vmap(sample)(jax.random.split(key, num_samples))[:, ::-1]"), "predicts_each_point", "order of samples and points"),
    "one point too few": ("mc_predict", SAMPLES.format("jax.vmap(sample)(jax.random.split(key, num_samples)).squeeze()"), "single_point", "expected (8, 1)"),
    "points in one axis": ("mc_predict", SAMPLES.format("jax.vmap(sample)(jax.random.split(key, num_samples)).ravel()"), "shape_of_the_samples", "in one axis"),
    "over the points": ("decompose", PARTS_OF_VARIANCE.format("(variances.mean(axis=1), means.var(axis=1))"), "shape_of_both_parts", "axis 0"),
    "a dictionary": ("decompose", PARTS_OF_VARIANCE.format("{'aleatoric': variances.mean(axis=0), 'epistemic': means.var(axis=0)}"), "runs", "a `dict`"),
    "nothing": ("decompose", PARTS_OF_VARIANCE.format("None"), "runs", "nothing (`None`)"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_answer_is_told_why(notebook, case):
    """No points; the first check that fails is the one that knows, and its message names the question."""
    question, answer, check, words = WRONG[case]
    result = notebook(NAME, **{question: answer}).check(question)
    failed = [item for item in result.checks if item.status == "fail"]
    assert (result.points, failed[0].name) == (0, check), failed
    assert words in failed[0].message
    assert f"`{question}`" in failed[0].message


# Words of the sentence -> a function of loc (n,), scale (n,) and rho (n,), all leaves joined.
DIVERGENCES = {
    "The half is missing": lambda m, s, r: np.sum(s**2 + m**2 - 1 - np.log(s)),
    "log(scale) was halved too": lambda m, s, r: np.sum(s**2 + m**2 - 1 - np.log(s)) / 2,
    "The constant is missing": lambda m, s, r: np.sum(s**2 + m**2) / 2 - np.sum(np.log(s)),
    "counted once": lambda m, s, r: (np.sum(s**2 + m**2) - 1) / 2 - np.sum(np.log(s)),
    "never negative": lambda m, s, r: -kl(m, s),
    "`rho` itself": lambda m, s, r: kl(m, np.abs(r)),
    "exp(rho)": lambda m, s, r: kl(m, np.exp(r)),
    "as the variance": lambda m, s, r: kl(m, np.sqrt(s)),
    "width of q is left out": lambda m, s, r: np.sum(m**2) / 2,
    "the other way round": lambda m, s, r: np.sum(np.log(s) + (1 + m**2) / (2 * s**2) - 0.5),
    "take the sum": lambda m, s, r: kl(m, s) / len(m),
    "first leaf alone": lambda m, s, r: kl(m[:3], s[:3]),
    "each leaf's mean": lambda m, s, r: kl(m[:3], s[:3]) / 3 + kl(m[3:], s[3:]) / 4,
    "something else": lambda m, s, r: 1.1 * kl(m, s),
}


@pytest.mark.parametrize("words", DIVERGENCES)
def test_mistaken_divergences_are_recognised(words):
    """The sentence names the mistake that gives the number seen, and no other mistake is taken for it."""
    random = np.random.default_rng(0)
    m, r = random.normal(size=7), random.uniform(-4, 2, size=7)
    usual = mistakes.of_divergence([m[:3], m[3:]], [r[:3], r[3:]])
    assert words in likely_cause(DIVERGENCES[words](m, softplus(r), r), usual, "something else")


# Words of the sentence -> a function of the divergence, the residuals (b,), the negative log likelihood,
# and the residuals of every pair (b, b).
LOSSES = {
    "divide both": lambda d, r, nll, pairs: d + nll / len(r),
    "not divided by the number of points": lambda d, r, nll, pairs: d + nll,
    "likelihood has the wrong sign": lambda d, r, nll, pairs: (d - nll) / len(r),
    "divergence has the wrong sign": lambda d, r, nll, pairs: (nll - d) / len(r),
    "a loss is minimised": lambda d, r, nll, pairs: -(d + nll) / len(r),
    "divergence from the prior is missing": lambda d, r, nll, pairs: nll / len(r),
    "noise is taken as 1": lambda d, r, nll, pairs: (d + gaussian(r, 1.0)) / len(r),
    "taken as the variance": lambda d, r, nll, pairs: (d + gaussian(r, 0.5**0.5)) / len(r),
    "squared before": lambda d, r, nll, pairs: (d + gaussian(r, 0.25)) / len(r),
    "constant of the Normal": lambda d, r, nll, pairs: (d + np.sum(r**2) / 0.5) / len(r),
    "squared residuals": lambda d, r, nll, pairs: (d + np.sum(r**2)) / len(r),
    "averages over every pair": lambda d, r, nll, pairs: d / len(r) + gaussian(pairs, 0.5) / pairs.size,
    "adds up every pair": lambda d, r, nll, pairs: (d + gaussian(pairs, 0.5)) / len(r),
    "something else": lambda d, r, nll, pairs: (d + nll) / len(r) + 1,
}


def gaussian(residuals: np.ndarray, noise: float) -> float:
    """Minus the sum of log N(r; 0, noise^2)."""
    return float(np.sum(residuals**2 / (2 * noise**2) + np.log(noise * np.sqrt(2 * np.pi))))


@pytest.mark.parametrize("words", LOSSES)
def test_mistaken_losses_are_recognised(words):
    """The sentence names the mistake that gives the number seen."""
    random = np.random.default_rng(0)
    data, q = LineData.draw(random, 40), MeanField(loc=random.normal(size=2), rho=np.full(2, -10.0))
    residuals = data.y - q.loc[1] * data.x - q.loc[0]
    pairs = data.y[:, None] - q.loc[1] * data.x - q.loc[0]
    seen = LOSSES[words](kl(q.loc, q.scale), residuals, gaussian(residuals, 0.5), pairs)
    assert words in likely_cause(seen, mistakes.of_loss(data, q), "something else")


# Words of the sentence -> the part, and a function of means and variances.
DECOMPOSITIONS = {
    "swapped: return": (0, lambda m, v: m.var(0)),
    "over all points as well": (0, lambda m, v: np.full(m.shape[1], v.mean())),
    "standard deviations; variances are what adds up": (0, lambda m, v: np.sqrt(v).mean(0)),
    "root of the mean": (0, lambda m, v: np.sqrt(v.mean(0))),
    "take the mean": (0, lambda m, v: v.sum(0)),
    "variance of the means belongs to the other part": (0, lambda m, v: v.mean(0) + m.var(0)),
    "variance of the variances; take their mean": (0, lambda m, v: v.var(0)),
    "are swapped": (1, lambda m, v: v.mean(0)),
    "mean of the variances belongs to the other part": (1, lambda m, v: v.mean(0) + m.var(0)),
    "how much the *means* differ": (1, lambda m, v: v.var(0)),
    "square of their mean": (1, lambda m, v: (m**2).mean(0)),
    "is a standard deviation": (1, lambda m, v: m.std(0)),
    "ddof": (1, lambda m, v: m.var(0, ddof=1)),
    "something else": (1, lambda m, v: 2 * m.var(0)),
}


@pytest.mark.parametrize("words", DECOMPOSITIONS)
def test_mistaken_decompositions_are_recognised(words):
    """The sentence names the mistake that gives the numbers seen."""
    random = np.random.default_rng(0)
    means, variances = random.normal(size=(5, 9)), random.gamma(2.0, size=(5, 9))
    part, formula = DECOMPOSITIONS[words]
    usual = mistakes.of_decomposition(means, variances)[part]
    assert words in likely_cause(formula(means, variances), usual, "something else")


def test_a_width_without_gradient_is_found_by_the_means_of_gradients(notebook):
    """The last checks of the loss stand on their own: a draw whose width has no gradient passes those before."""
    answer = elbo(noise="jax.lax.stop_gradient(scale[name]) / scale[name] * jax.random.normal(keys[name])")
    failed = [
        c.name for c in notebook(NAME, elbo_loss=answer).check("elbo_loss").checks if c.status == "fail"
    ]
    assert {"mean_gradient", "finds_the_best_mean_field"} <= set(failed)


def test_a_wrong_expectation_is_found_by_the_mean_over_keys(notebook):
    """Correlated draws change the expected loss where x is off centre, and the approximation that it leads to."""
    answer = elbo(noise="jax.random.normal(key)")
    failed = [
        c.name for c in notebook(NAME, elbo_loss=answer).check("elbo_loss").checks if c.status == "fail"
    ]
    assert {"draws_the_weights", "mean_over_keys", "finds_the_best_mean_field"} <= set(failed)


def test_a_wrong_divergence_at_the_prior_is_told(notebook):
    """A divergence that is not zero at the prior is said to be so."""
    answer = KL.format(EACH.format(f"0.5 * ({SCALE}**2 + m**2) - jnp.log({SCALE})"))
    checks = {check.name: check for check in notebook(NAME, kl_to_prior=answer).check("kl_to_prior").checks}
    assert "it must be 0" in checks["vanishes_at_the_prior"].message


@pytest.mark.parametrize("exponential", ["jnp.exp(r)", "jnp.log(1 + jnp.exp(3 * r)) / 3"])
def test_extreme_widths_are_asked_for(notebook, exponential):
    """Overflow and underflow of the scale are found, though nothing in the middle shows them."""
    body = f"jnp.where(jnp.abs(r) < 5, {SCALE}, {exponential})"
    answer = KL.format(EACH.format(f"0.5 * (({body}) ** 2 + m**2 - 1) - jnp.log(({body}) ** 6) / 6"))
    checks = {check.name: check for check in notebook(NAME, kl_to_prior=answer).check("kl_to_prior").checks}
    assert checks["is_the_divergence"].status == "pass"
    assert checks["is_finite_at_any_width"].status == "fail"


def test_a_question_is_judged_apart_from_those_it_needs(notebook):
    """`elbo_loss` and `mc_predict` get their points on top of a wrong divergence and a wrong network."""
    wrong = {
        "kl_to_prior": KL.format(EACH.format("0.5 * m**2")),
        "DropoutMLP": network("return nn.relu(nn.Dense(1)(nn.Dropout(0.1)(x, deterministic=deterministic)))"),
    }
    book = notebook(NAME, **wrong)
    for question in ("elbo_loss", "mc_predict"):
        result = book.check(question)
        assert (result.status, result.points) == ("pass", result.max_points), result.message


def test_a_changed_given_name_changes_nothing(notebook):
    """`noise_scale` and `predict` are bound anew when an answer is captured."""
    book = notebook(NAME)
    book.namespace["noise_scale"] = 7.0
    book.namespace["predict"] = None
    assert book.check("elbo_loss").status == "pass"


def test_closed_forms_of_the_line():
    """Posterior, mean-field optimum, expected loss and gradient agree with brute force."""
    random = np.random.default_rng(0)
    data = LineData.draw(random, 40)
    q = MeanField(loc=np.array([0.3, -0.2]), rho=np.array([-1.0, 0.2]))
    draws = q.loc + q.scale * random.normal(size=(200_000, 2))
    losses = data.loss_at(q, draws)
    assert abs(losses.mean() - data.expected_loss(q)) < 5 * losses.std() / len(losses) ** 0.5
    step = 1e-4
    for i, expected in enumerate(data.expected_gradient(q)):
        ends = []
        for sign in (1, -1):
            moved = np.concatenate([q.loc, q.rho])
            moved[i] += sign * step
            ends.append(data.expected_loss(MeanField(moved[:2], moved[2:])))
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(expected, rel=1e-5)
    mean, widths = data.best_mean_field()
    best = MeanField(mean, np.log(np.expm1(widths)))
    assert np.abs(data.expected_gradient(best)).max() < 1e-10
    assert data.posterior()[0] == pytest.approx(mean)


def test_the_weights_follow_from_the_gradient():
    """What was drawn is found again from the gradient with respect to the centre."""
    random = np.random.default_rng(1)
    data, q = LineData.draw(random, 40), MeanField(loc=np.array([0.3, -0.2]), rho=np.array([-1.0, 0.2]))
    drawn = random.normal(size=(5, 2))
    gradient = (q.loc + (drawn @ data.design.T - data.y) @ data.design / 0.25) / 40
    assert data.implied_weights(gradient, q) == pytest.approx(drawn)


def test_stand_ins_are_right():
    """The public divergence has its closed form; the public network drops units, and only when told so."""
    random = np.random.default_rng(2)
    loc, rho = random.normal(size=7).astype(np.float32), random.normal(size=7).astype(np.float32)
    seen = stand_ins.kl_to_prior({"loc": {"a": loc[:3], "b": loc[3:]}, "rho": {"a": rho[:3], "b": rho[3:]}})
    assert float(seen) == pytest.approx(kl(loc, softplus(rho)), rel=1e-5)
    network = DropoutNetwork._stand_in()
    x = np.linspace(-1, 1, 96, dtype=np.float32)[:, None]
    params = network.init(np.array([0, 1], np.uint32), x)
    keys = [np.array([0, i], np.uint32) for i in range(2)]
    assert not np.array_equal(*(network.apply_dropout(params, key, x) for key in keys))
    assert network.apply(params, x).shape == (96,)
