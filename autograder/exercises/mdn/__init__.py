"""04_mdn: a Mixture Density Network, prior reweighting, and unbiased masses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises.distributions import distribution_of
from autograder.exercises.examples import example_inputs, example_key, flax_module
from autograder.exercises.mdn import stand_ins
from autograder.exercises.spec import BATCH, SINGLE, Assignment, Call, Question, Unfit, exported_only

# log10(M200c / 1e14 h^-1 Msun) at which densities are tabulated: the catalogue's masses and nothing beyond.
GRID = jnp.linspace(-0.5, 1.33, 256, dtype=jnp.float32)
COMPONENTS = 16


def _given(names: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": names["MDN"](num_components=COMPONENTS)}


def _mdn(names: Mapping[str, Any]) -> Iterator[Call]:
    """Export the mixture of 16 whole, and a mixture of one (which must be a Normal) for its density."""
    yield from _mixture(flax_module(names["MDN"], num_components=COMPONENTS), "", whole=True)
    yield from _mixture(flax_module(names["MDN"], num_components=1), "1/", whole=False)


def _mixture(module: Any, prefix: str, whole: bool) -> Iterator[Call]:
    def distribution(params: Any, x: jax.Array) -> Any:
        remedy = (
            "`tfd.MixtureSameFamily` makes batch shape (b,) of weights, centres and widths that all have shape "
            "(b, num_components)."
        )
        return distribution_of(module.apply(params, x), x.shape[0], remedy)

    def log_prob(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
        return distribution(params, x).log_prob(y)

    def mean(params: Any, x: jax.Array) -> jax.Array:
        return distribution(params, x).mean()

    def log_density(params: Any, x: jax.Array, grid: jax.Array) -> jax.Array:
        # The network runs once; only the density is mapped over the grid. Works for any distribution.
        q = distribution(params, x)

        def at(y: jax.Array) -> jax.Array:
            density = q.log_prob(jnp.full(x.shape[0], y))
            if density.shape != x.shape[:1]:  # else (b, b) numbers for each point of the grid
                raise Unfit(
                    f"has a `log_prob` of shape {density.shape} for masses of shape {x.shape[:1]}; expected "
                    f"{x.shape[:1]}. The distribution's batch shape must be (b,)."
                )
            return density

        return jax.vmap(at)(grid).T

    x, y = example_inputs()
    key = example_key()
    params = module.init(key, x) if whole else jax.eval_shape(module.init, key, x)
    yield exported_only(f"{prefix}log_density", log_density, params, x, GRID)
    if whole:
        # The student's code in `init` is that of `log_prob`: facts about it are taken there, once.
        yield exported_only("init", module.init, key, x)
        yield Call("log_prob", log_prob, (params, x, y[:, 0]))
        yield Call("mean", mean, (params, x), differentiable=False)
        yield exported_only("log_prob", log_prob, params, x[:SINGLE], y[:SINGLE, 0])
        yield exported_only("mean", mean, params, x[:SINGLE])


def _loss_fn(names: Mapping[str, Any]) -> Iterator[Call]:
    params = names["model"].init(example_key(), example_inputs()[0])
    for batch in (BATCH, SINGLE):
        yield Call("loss_fn", names["loss_fn"], (params, *example_inputs(batch)), facts=batch == BATCH)


def _log_posterior(batch: int) -> jax.Array:
    centre = example_inputs(batch)[1]
    return -0.5 * ((GRID - centre) / 0.1) ** 2


def _reweight(names: Mapping[str, Any]) -> Iterator[Call]:
    for batch in (BATCH, SINGLE):
        arguments = (_log_posterior(batch), -2.5 * GRID, jnp.zeros_like(GRID), GRID)
        yield Call("reweight", names["reweight"], arguments, facts=batch == BATCH, differentiable=False)


def _estimate_mass(names: Mapping[str, Any]) -> Iterator[Call]:
    for batch in (BATCH, SINGLE):
        arguments = (_log_posterior(batch), GRID)
        yield Call(
            "estimate_mass", names["estimate_mass"], arguments, facts=batch == BATCH, differentiable=False
        )


ASSIGNMENT = Assignment(
    name="04_mdn",
    title="Unbiased masses from a Mixture Density Network",
    checks=Path(__file__).parent,
    given=frozenset({"model", "x_train", "y_train", "x_test", "y_test", "train", "test", "catalog"}),
    rebind=_given,
    questions=(
        Question(
            name="MDN",
            points=4,
            task="return a mixture of `num_components` Normals per cluster, a distribution with batch shape (b,).",
            calls=_mdn,
            gradients=("log_prob",),
            hints=(
                "A mixture needs three numbers per component: a weight, a centre and a width. A network can give all.",
                "Widths must be positive (`nn.softplus`, plus a small floor); weights may stay logits.",
                "`tfd.MixtureSameFamily(tfd.Categorical(logits=…), tfd.Normal(loc=…, scale=…))`, each from its own "
                "`nn.Dense(self.num_components)`.",
            ),
            section="A network that returns a distribution",
        ),
        Question(
            name="loss_fn",
            points=3,
            task="return the mean negative log likelihood of the masses y, shape (b, 1), under `model`, a scalar.",
            calls=_loss_fn,
            gradients=("loss_fn",),
            needs=("MDN",),
            stand_ins=stand_ins.model,
            hints=(
                "`model.apply(params, x)` is a distribution: ask it for the `log_prob` of the masses.",
                "The distribution has batch shape (b,), but y has shape (b, 1): what does broadcasting make of them?",
                "The mean of `-q.log_prob(y[:, 0])`.",
            ),
            section="The loss is a likelihood",
        ),
        Question(
            name="reweight",
            points=4,
            task="return the log posterior under the new prior, normalised on the grid, shape (b, g).",
            calls=_reweight,
            hints=(
                "Bayes: posterior ∝ likelihood × prior. Which factor has to go, and which comes in?",
                "In logs the product is a sum. Then subtract the log of the integral over the grid.",
                "`jax.nn.logsumexp(…, axis=-1, keepdims=True)` plus the log of the grid spacing is the log "
                "of the integral, and does not overflow.",
            ),
            section="Changing the prior",
        ),
        Question(
            name="estimate_mass",
            points=5,
            task="return a point estimate of log mass, shape (b,), from log densities on the grid, shape (b, g).",
            calls=_estimate_mass,
            needs=("MDN", "loss_fn", "reweight"),
            shares=MappingProxyType({"pure": 0.1, "jittable": 0.1, "correct": 0.3, "unbiased": 0.5}),
            hints=(
                "Mean, median and mode of the density are all point estimates; each row is one cluster.",
                "The log density need not be normalised: weights from `jax.nn.softmax` over the grid are.",
                "The mean is the sum over the grid of weight times grid value.",
            ),
            section="From a posterior to one number",
        ),
    ),
)
