"""03_likelihood: what its checks let through, what they refuse, and what they say of it."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.exercises.likelihood import forecasts as judged
from autograder.exercises.likelihood.calibrated import (
    calibration_problem,
    consistency_problem,
    information_problem,
)
from autograder.exercises.likelihood.forecasts import Forecasts

NAME = "03_likelihood"
CLASSIFIER = (
    "class Classifier(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n"
    "        h = nn.relu(nn.Dense(32)(x))\n        z = nn.Dense(1)(h)[:, 0]\n{body}"
)
COIN = (
    "class Coin:\n    def __init__(self, z):\n        self.z = z\n    def log_prob(self, c):\n        return {log_prob}\n"
    "    def mean(self):\n        return {mean}\n" + CLASSIFIER.format(body="        return Coin(z)")
)
KL = "def kl_bernoulli(p, q):\n    return {}"
NLL = "def bernoulli_nll(logits, labels):\n    return {}"
GAUSSIAN = "def gaussian_nll(mean, sigma, y):\n    return {}"
SHIFT = "def shift_prior(logits, train_fraction, new_fraction):\n    return {}"
LOG_PROB = "-jax.nn.softplus(jnp.where(c == 1, -self.z, self.z))"


@pytest.fixture
def small_training(monkeypatch):
    """A training of a few steps: enough where it does not matter how good the forecasts are."""
    monkeypatch.setattr(judged, "TRAIN", 8 * 512)
    monkeypatch.setattr(judged, "TEST", 2 * 512)
    monkeypatch.setattr(judged, "EPOCHS", 1)


# question, answer
RIGHT = {
    "an epsilon that does no harm": ("kl_bernoulli", KL.format("p * jnp.log(p / q + 1e-9) + (1 - p) * jnp.log((1 - p) / (1 - q) + 1e-9)")),
    "log1p": ("kl_bernoulli", KL.format("p * (jnp.log(p) - jnp.log(q)) + (1 - p) * (jnp.log1p(-p) - jnp.log1p(-q))")),
    "the textbook's stable form": ("bernoulli_nll", NLL.format("jnp.mean(jax.nn.relu(logits) - logits * labels + jnp.log1p(jnp.exp(-jnp.abs(logits))))")),
    "a distribution's log_prob": ("bernoulli_nll", NLL.format("-tfd.Bernoulli(logits=logits).log_prob(labels).mean()")),
    "a mean by hand": ("bernoulli_nll", NLL.format("jnp.vdot(jnp.ones_like(labels), jax.nn.softplus(logits) - labels * logits) / labels.shape[0]")),
    "sigma squared, halved": ("gaussian_nll", GAUSSIAN.format("0.5 * jnp.mean((y - mean) ** 2 / sigma**2 + jnp.log(2 * jnp.pi * sigma**2))")),
    "logit of libraries": ("shift_prior", SHIFT.format("logits - jax.scipy.special.logit(train_fraction) + jax.scipy.special.logit(new_fraction)")),
    "odds of the inverse": ("shift_prior", SHIFT.format("logits + jnp.log(1 / train_fraction - 1) - jnp.log(1 / new_fraction - 1)")),
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_right_answer_passes(notebook, case):
    """Full points, and nothing to say."""
    question, answer = RIGHT[case]
    result = notebook(NAME, **{question: answer}).check(question)
    assert (result.status, result.message) == ("pass", "")


# question, answer, first check that fails, words of its message
WRONG = {
    "mean over the batch": ("kl_bernoulli", KL.format("jnp.mean(p * jnp.log(p / q) + (1 - p) * jnp.log((1 - p) / (1 - q)))"), "output_shape", "no mean and no sum"),
    "cross entropy": ("kl_bernoulli", KL.format("-p * jnp.log(q) - (1 - p) * jnp.log(1 - q)"), "is_the_divergence", "entropy of p has to be taken off"),
    "both ways": ("kl_bernoulli", KL.format("(p - q) * (jnp.log(p / (1 - p)) - jnp.log(q / (1 - q)))"), "is_the_divergence", "sum of the divergences both ways"),
    "first term only the other": ("kl_bernoulli", KL.format("(1 - p) * jnp.log((1 - p) / (1 - q))"), "is_the_divergence", "label 1 is missing"),
    "terms subtracted": ("kl_bernoulli", KL.format("p * jnp.log(p / q) - (1 - p) * jnp.log((1 - p) / (1 - q))"), "is_the_divergence", "both terms are added"),
    "negative": ("kl_bernoulli", KL.format("p * jnp.log(q / p) + (1 - p) * jnp.log((1 - q) / (1 - p))"), "is_the_divergence", "never negative"),
    "clipped too hard": ("kl_bernoulli", "def kl_bernoulli(p, q):\n    p, q = jnp.clip(p, 0.1, 0.9), jnp.clip(q, 0.1, 0.9)\n    return p * jnp.log(p / q) + (1 - p) * jnp.log((1 - p) / (1 - q))", "is_the_divergence", "p log(p / q)"),
    "one loss per label": ("bernoulli_nll", NLL.format("jax.nn.softplus(logits) - labels * logits"), "is_scalar", "the mean over the batch"),
    "likelihood": ("bernoulli_nll", NLL.format("jnp.mean(labels * logits - jax.nn.softplus(logits))"), "is_mean_negative_log_likelihood", "wrong sign"),
    "log2 of the likelihood": ("bernoulli_nll", NLL.format("jnp.mean(jax.nn.softplus(logits) - labels * logits) / jnp.log(2.0)"), "is_mean_negative_log_likelihood", "bits"),
    "sigmoid twice": ("bernoulli_nll", NLL.format("optax.sigmoid_binary_cross_entropy(jax.nn.sigmoid(logits), labels).mean()"), "is_mean_negative_log_likelihood", "sigmoid is taken twice"),
    "squared error": ("bernoulli_nll", NLL.format("jnp.mean((jax.nn.sigmoid(logits) - labels) ** 2)"), "is_mean_negative_log_likelihood", "squared error"),
    "label 0 alone": ("bernoulli_nll", NLL.format("jnp.mean((1 - labels) * jax.nn.softplus(logits))"), "is_mean_negative_log_likelihood", "label 1 is missing"),
    "clipped logits": ("bernoulli_nll", NLL.format("jnp.mean(jax.nn.softplus(jnp.clip(logits, -30, 30)) - labels * jnp.clip(logits, -30, 30))"), "confident_logits", "Clipping"),
    "divided by 512": ("bernoulli_nll", NLL.format("jnp.sum(jax.nn.softplus(logits) - labels * logits) / 512"), "is_mean_negative_log_likelihood", "batch of one label"),
    "no log sigma": ("gaussian_nll", GAUSSIAN.format("jnp.mean((y - mean) ** 2) / (2 * sigma**2) + 0.5 * jnp.log(2 * jnp.pi)"), "is_mean_negative_log_likelihood", "term log sigma is missing"),
    "no half": ("gaussian_nll", GAUSSIAN.format("jnp.mean((y - mean) ** 2) / sigma**2 + jnp.log(sigma) + 0.5 * jnp.log(2 * jnp.pi)"), "is_mean_negative_log_likelihood", "half of the squared residual"),
    "no square root": ("gaussian_nll", GAUSSIAN.format("jnp.mean((y - mean) ** 2 / (2 * sigma**2) + jnp.log(2 * jnp.pi * sigma**2))"), "is_mean_negative_log_likelihood", "where half of that is asked for"),
    "the whole constant": ("gaussian_nll", GAUSSIAN.format("jnp.mean((y - mean) ** 2) / (2 * sigma**2) + jnp.log(sigma) + jnp.log(2 * jnp.pi)"), "is_mean_negative_log_likelihood", "it is log(2 pi) / 2"),
    "sigma not squared": ("gaussian_nll", GAUSSIAN.format("jnp.mean((y - mean) ** 2) / (2 * sigma) + jnp.log(sigma) + 0.5 * jnp.log(2 * jnp.pi)"), "is_mean_negative_log_likelihood", "divided by sigma"),
    "squared error of y": ("gaussian_nll", GAUSSIAN.format("jnp.mean((y - mean) ** 2)"), "is_mean_negative_log_likelihood", "mean squared error"),
    "each y": ("gaussian_nll", GAUSSIAN.format("-tfd.Normal(mean, sigma).log_prob(y)"), "is_scalar", "the mean over the batch"),
    "unchanged": ("shift_prior", SHIFT.format("logits * 1.0"), "is_bayes_theorem", "unchanged"),
    "old prior left in": ("shift_prior", SHIFT.format("logits + jnp.log(new_fraction / (1 - new_fraction))"), "is_bayes_theorem", "training prior is still in it"),
    "new prior forgotten": ("shift_prior", SHIFT.format("logits - jnp.log(train_fraction / (1 - train_fraction))"), "is_bayes_theorem", "new prior is missing"),
    "odds without a log": ("shift_prior", SHIFT.format("logits + new_fraction / (1 - new_fraction) - train_fraction / (1 - train_fraction)"), "is_bayes_theorem", "take their logarithms"),
    "a probability reweighted": ("shift_prior", SHIFT.format("jax.nn.sigmoid(logits) * new_fraction / train_fraction"), "is_bayes_theorem", "nothing is to be normalised"),
    "a probability above one": ("shift_prior", SHIFT.format("jax.scipy.special.logit(jax.nn.sigmoid(logits) * new_fraction / train_fraction)"), "is_bayes_theorem", "no log odds"),
    "infinite when confident": ("shift_prior", SHIFT.format("jax.scipy.special.logit(jax.nn.sigmoid(logits)) + jnp.log(new_fraction / (1 - new_fraction)) - jnp.log(train_fraction / (1 - train_fraction))"), "confident_logits", "do not leave the logits"),
    "tanh as logit": ("Classifier", CLASSIFIER.format(body="        return tfd.Bernoulli(logits=nn.tanh(z))"), "any_probability", "`tanh` gives numbers between -1 and 1"),
    "relu as logit": ("Classifier", CLASSIFIER.format(body="        return tfd.Bernoulli(logits=nn.relu(z))"), "any_probability", "at least one half"),
    "clipped": ("Classifier", CLASSIFIER.format(body="        return tfd.Bernoulli(probs=jnp.clip(nn.sigmoid(z), 0.05, 0.95))"), "any_probability", "Is there a `clip`?"),
    "a Normal": ("Classifier", CLASSIFIER.format(body="        return tfd.Normal(z, 1.0)"), "probabilities_sum_to_one", "two outcomes"),
    "ignores the features": ("Classifier", CLASSIFIER.format(body="        return tfd.Bernoulli(logits=nn.Dense(1)(0 * x)[:, 0])"), "depends_on_features", "same for every cluster"),
    "a number for a distribution": ("Classifier", CLASSIFIER.format(body="        return z, nn.sigmoid(z)"), "runs", "`tuple`, which has no method `log_prob`"),
    "Independent of a column": ("Classifier", CLASSIFIER.format(body="        return tfd.Independent(tfd.Bernoulli(logits=z[:, None]))"), "runs", "event shape (1,)"),
    "no mean": ("Classifier", CLASSIFIER.format(body="        return tfd.QuantizedDistribution(tfd.Logistic(z, 1.0), low=0.0, high=1.0)"), "runs", "no mean"),
    "mean of label 0": ("Classifier", COIN.format(log_prob=LOG_PROB, mean="jax.nn.sigmoid(-self.z)"), "mean_is_the_probability_of_label_one", "probability of label 0"),
    "mean is the logit": ("Classifier", COIN.format(log_prob=LOG_PROB, mean="self.z"), "mean_is_the_probability_of_label_one", "belong together"),
    "probabilities for logarithms": ("Classifier", COIN.format(log_prob="jax.nn.sigmoid(jnp.where(c == 1, self.z, -self.z))", mean="jax.nn.sigmoid(self.z)"), "probabilities_sum_to_one", "exp(`log_prob(0)`)"),
    "every pair": ("Classifier", COIN.format(log_prob="-jax.nn.softplus(jnp.where(c == 1, -1, 1) * self.z[:, None])", mean="jax.nn.sigmoid(self.z)"), "log_prob_shape", "(512, 512)"),
    "same start for every key": (
        "Classifier", CLASSIFIER.format(body="        return tfd.Bernoulli(logits=z)").replace("nn.Dense(32)", "nn.Dense(32, kernel_init=lambda k, s, d: jnp.sin(jnp.arange(s[0] * s[1], dtype=d)).reshape(s))").replace("nn.Dense(1)", "nn.Dense(1, kernel_init=nn.initializers.ones)"),
        "init", "same parameters for every key",
    ),
}  # fmt: skip


@pytest.mark.usefixtures("small_training")
@pytest.mark.parametrize("case", WRONG)
def test_wrong_answer_is_told_why(notebook, case):
    """No points; the first check that fails is the one that knows, and its message names the question."""
    question, answer, check, words = WRONG[case]
    result = notebook(NAME, **{question: answer}).check(question)
    failed = [item for item in result.checks if item.status == "fail"]
    assert (result.points, failed[0].name) == (0, check), failed
    assert words in failed[0].message
    assert f"`{question}`" in failed[0].message


def test_an_infinite_loss_is_told_once(notebook):
    """Where the value is infinite, nothing more is said of its gradient."""
    answer = NLL.format(
        "-jnp.mean(jnp.where(labels == 1, jnp.log(nn.sigmoid(logits)), jnp.log(nn.sigmoid(-logits))))"
    )
    checks = {
        check.name: check for check in notebook(NAME, bernoulli_nll=answer).check("bernoulli_nll").checks
    }
    assert checks["confident_logits"].status == "fail"
    assert checks["gradient_of_confident_logits"].status == "skip"


def test_a_loss_that_diverges_is_the_answers_own(notebook, small_training):
    """Probabilities that reach 0 and 1 make the training diverge: a failed check, not a failure of the grader."""
    answer = CLASSIFIER.format(body="        return tfd.Bernoulli(probs=nn.sigmoid(300 * z))")
    checks = {check.name: check for check in notebook(NAME, Classifier=answer).check("Classifier").checks}
    assert "Give the distribution logits" in checks["is_calibrated"].message
    assert checks["judges_clusters_apart"].status == "skip"
    assert checks["knows_more_than_the_base_rate"].status == "skip"


def test_one_useless_feature_knows_too_little(notebook):
    """A classifier that looks at the mean velocity alone is calibrated, and fails for knowing nothing."""
    answer = CLASSIFIER.format(body="        return tfd.Bernoulli(logits=z)").replace(
        "(32)(x)", "(32)(x[:, 10:11])"
    )
    result = notebook(NAME, Classifier=answer).check("Classifier")
    failed = [check for check in result.checks if check.status == "fail"]
    assert [check.name for check in failed] == ["knows_more_than_the_base_rate"]
    assert "14 features" in failed[0].message
    assert result.points == 0


def _forecasts(probability, labels):
    return Forecasts(probability, probability, labels)


def test_calibration_is_judged_by_the_numbers():
    """Right forecasts pass; overconfident ones fail, and the worst bin is quoted; the base rate knows nothing."""
    random = np.random.default_rng(0)
    logits = 4 * random.normal(size=20_000)
    labels = (random.uniform(size=20_000) < 1 / (1 + np.exp(-logits))).astype(np.float32)
    right = _forecasts(1 / (1 + np.exp(-logits)), labels)
    assert calibration_problem(right) is None
    assert information_problem(right) is None
    overconfident = _forecasts(1 / (1 + np.exp(-3 * np.clip(logits, -4, 4))), labels)
    assert "to which it gives about" in str(calibration_problem(overconfident))
    base_rate = _forecasts(np.full(20_000, labels.mean()), labels)
    assert calibration_problem(base_rate) is None
    assert base_rate.information == pytest.approx(0, abs=1e-6)
    assert "base rate" in str(information_problem(base_rate))
    useless = _forecasts(np.full(20_000, 0.999), labels)
    assert "% above that of always saying the base rate" in str(information_problem(useless))


def test_probabilities_that_change_with_company_are_refused():
    """One cluster in fifty with two probabilities is too many; so is NaN, which is no probability."""
    probability, labels = np.full(1_000, 0.2), (np.arange(1_000) % 5 == 0).astype(np.float32)
    again = np.where(np.arange(1_000) % 50 == 0, 0.3, 0.2)
    assert consistency_problem(Forecasts(probability, probability + 0.001, labels)) is None
    assert "2% of the clusters" in str(consistency_problem(Forecasts(probability, again, labels)))
    nothing = Forecasts(probability * np.nan, probability, labels)
    assert nothing.changed == 1
    assert "NaN" in str(calibration_problem(nothing))
