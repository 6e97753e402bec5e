"""03_likelihood: where loss functions come from, and a classifier whose prior can be exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises.distributions import distribution_of
from autograder.exercises.examples import example_inputs, example_key, flax_module
from autograder.exercises.spec import BATCH, SINGLE, Assignment, Call, Question, Unfit, exported_only


def _numbers(batch: int) -> tuple[jax.Array, jax.Array]:
    """Example real numbers, and labels 0 or 1 that go with them, both (batch,) float32."""
    x, y = example_inputs(batch)
    return 2 * x[:, 0], (y[:, 0] > 0).astype(jnp.float32)


def _kl_bernoulli(names: Mapping[str, Any]) -> Iterator[Call]:
    for batch in (BATCH, SINGLE):
        x, _ = example_inputs(batch)
        arguments = (jax.nn.sigmoid(x[:, 0]), jax.nn.sigmoid(x[:, 1]))
        yield Call(
            "kl_bernoulli", names["kl_bernoulli"], arguments, facts=batch == BATCH, differentiable=False
        )


def _bernoulli_nll(names: Mapping[str, Any]) -> Iterator[Call]:
    for batch in (BATCH, SINGLE):
        yield Call("bernoulli_nll", names["bernoulli_nll"], _numbers(batch), facts=batch == BATCH)


def _gaussian_nll(names: Mapping[str, Any]) -> Iterator[Call]:
    for batch in (BATCH, SINGLE):
        x, y = example_inputs(batch)
        arguments = (x[:, 0], jnp.float32(0.5), y[:, 0])
        yield Call("gaussian_nll", names["gaussian_nll"], arguments, facts=batch == BATCH)


def _classifier(names: Mapping[str, Any]) -> Iterator[Call]:
    module = flax_module(names["Classifier"])

    def distribution(params: Any, x: jax.Array) -> Any:
        remedy = "`nn.Dense(1)` gives logits of shape (b, 1); `[:, 0]` makes them (b,), also for one cluster."
        return distribution_of(module.apply(params, x), x.shape[0], remedy)

    def log_prob(params: Any, x: jax.Array, labels: jax.Array) -> jax.Array:
        return distribution(params, x).log_prob(labels)

    def mean(params: Any, x: jax.Array) -> jax.Array:
        q = distribution(params, x)
        try:
            return q.mean()
        except NotImplementedError:
            raise Unfit(
                f"returns a `{type(q).__name__}`, which has no mean. The mean of a Bernoulli distribution is the "
                "probability of label 1: `tfd.Bernoulli(logits=…)` has one."
            ) from None

    x, _ = example_inputs()
    _, labels = _numbers(BATCH)
    params = module.init(example_key(), x)
    yield Call("log_prob", log_prob, (params, x, labels))
    # The student's code in `init` is that of `log_prob`: facts about it are taken there, once.
    yield exported_only("init", module.init, example_key(), x)
    yield Call("mean", mean, (params, x), differentiable=False)
    yield exported_only("log_prob", log_prob, params, x[:SINGLE], labels[:SINGLE])
    yield exported_only("mean", mean, params, x[:SINGLE])


def _shift_prior(names: Mapping[str, Any]) -> Iterator[Call]:
    for batch in (BATCH, SINGLE):
        arguments = (_numbers(batch)[0], jnp.float32(0.5), jnp.float32(0.2))
        yield Call("shift_prior", names["shift_prior"], arguments, facts=batch == BATCH, differentiable=False)


ASSIGNMENT = Assignment(
    name="03_likelihood",
    title="Where loss functions come from",
    checks=Path(__file__).parent,
    given=frozenset(
        {"x_train", "y_train", "x_test", "y_test", "above_train", "above_test", "train", "test", "catalog"}
    ),
    questions=(
        Question(
            name="kl_bernoulli",
            points=2,
            task="return KL(Bernoulli(p) || Bernoulli(q)) in nats, shape (b,), for p and q of shape (b,).",
            calls=_kl_bernoulli,
            hints=(
                "It is an average of log(p(c) / q(c)), taken with the probabilities of the first distribution, p(c).",
                "There are two outcomes, so two terms: label 1 has the probabilities p and q; which has label 0?",
                "Each term is a probability times the natural log of a ratio; for label 0 it is (1 - p) times the log "
                "of (1 - p) / (1 - q).",
            ),
            section="A distance between distributions",
        ),
        Question(
            name="bernoulli_nll",
            points=3,
            task="return the mean negative log likelihood of the labels, a scalar, finite for |logits| up to 10,000.",
            calls=_bernoulli_nll,
            gradients=("bernoulli_nll",),
            hints=(
                "A label 1 has probability sigmoid(logit), a label 0 one minus that: minus the log of it, averaged.",
                "sigmoid(-200) is 0 in float32: its log is lost. Write it out: log sigmoid(z) = -log(1 + e^-z).",
                "`jax.nn.softplus(z)` is log(1 + e^z) for any z. A label 0 costs softplus(logit), a label 1 costs "
                "softplus(-logit).",
            ),
            section="Binary cross entropy",
        ),
        Question(
            name="gaussian_nll",
            points=2,
            task="return the mean negative log likelihood of y under Normal(mean, sigma), constant included, a scalar.",
            calls=_gaussian_nll,
            gradients=("gaussian_nll",),
            hints=(
                "Write down the density of a Normal, and take its logarithm on paper before you write code.",
                "Three terms: one with the residual in units of sigma, one with log sigma, one with 2 pi.",
                "Half the mean squared residual over sigma², plus log sigma, plus half of log(2 pi).",
            ),
            section="The mean squared error is a likelihood too",
        ),
        Question(
            name="Classifier",
            points=4,
            task="return a Bernoulli distribution, batch shape (b,): is the cluster above 10^14 h^-1 Msun?",
            calls=_classifier,
            gradients=("log_prob",),
            shares=MappingProxyType({"pure": 0.1, "jittable": 0.1, "correct": 0.4, "unbiased": 0.4}),
            hints=(
                "A network as in `02_regression`, whose last number is used as a parameter of a distribution.",
                "A logit may be any real number: nothing follows the last `nn.Dense` but the distribution.",
                "`tfd.Bernoulli(logits=…)` with logits of shape (b,): take `[:, 0]` of what `nn.Dense(1)` gives.",
            ),
            section="A classifier that returns a distribution",
        ),
        Question(
            name="shift_prior",
            points=3,
            task="return the logits, shape (b,), under the new class fraction; right for logits of any size.",
            calls=_shift_prior,
            hints=(
                "Bayes' theorem for odds: posterior odds = likelihood ratio × prior odds. Which factor changes?",
                "The logit is the log of the odds, so the product is a sum; the odds of a fraction f are f / (1 - f).",
                "Take the training fraction's log odds off the logits and put the new fraction's on.",
            ),
            section="Exchanging the prior",
        ),
    ),
)
