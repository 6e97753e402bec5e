"""05_epistemic: uncertain weights, dropout that stays on, and which part of a variance is which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax.errors import InvalidRngError

from autograder.exercises.epistemic import stand_ins
from autograder.exercises.epistemic.line import NOISE_SCALE, POINTS, predict
from autograder.exercises.epistemic.module import calls_of, initial_params
from autograder.exercises.examples import example_key
from autograder.exercises.spec import SINGLE, Assignment, Call, Question, Unfit, exported_only

# Numbers of samples that `mc_predict` is asked for: two, since it may not be fixed in the answer.
SAMPLES, FEW_SAMPLES = 8, 3
FEW = f"{FEW_SAMPLES}/mc_predict"
# Trees that `kl_to_prior` is tried on, beside the line's own: program -> the shapes of its leaves.
TREES: dict[str, Any] = {
    "kl_to_prior": {"intercept": (), "slope": ()},
    "nested dictionaries/kl_to_prior": {
        "params": {"Dense_0": {"bias": (4,), "kernel": (3, 4)}, "Dense_1": {"kernel": (4, 1)}}
    },
    "tuples and lists/kl_to_prior": ((2,), [(), (1, 3)], {"w": (2, 1, 2)}),
    "one array/kl_to_prior": (5,),
}


def _given(names: Mapping[str, Any]) -> dict[str, Any]:
    given = {"noise_scale": NOISE_SCALE, "predict": predict}
    try:
        return given | {"dropout_model": names["DropoutMLP"]()}
    except Exception:  # no such module yet: the questions about the line can do without
        return given


def variational_params(shapes: Any) -> Any:
    """An example {"loc": tree, "rho": tree}, of the structure and shapes given."""
    random = np.random.default_rng(5)

    def draw(centre: float) -> Any:
        def leaf(shape: tuple[int, ...]) -> jax.Array:
            return jnp.asarray(centre + 0.3 * random.normal(size=shape), jnp.float32)

        return jax.tree.map(leaf, shapes, is_leaf=_is_shape)

    return {"loc": draw(0.5), "rho": draw(-1.0)}


def _is_shape(node: Any) -> bool:
    return isinstance(node, tuple) and all(isinstance(size, int) for size in node)


def _kl_to_prior(names: Mapping[str, Any]) -> Iterator[Call]:
    for number, (program, shapes) in enumerate(TREES.items()):
        answer = names["kl_to_prior"]
        if number == 0:
            yield Call(program, answer, (variational_params(shapes),))
        else:
            what = program.partition("/")[0]
            # Gradients of the other trees are looked at too, facts are not: it is the same Python.
            yield Call(program, _for_any_tree(answer, what), (variational_params(shapes),), facts=False)


def _for_any_tree(answer: Callable[[Any], Any], what: str) -> Callable[[Any], Any]:
    def function(params: Any) -> Any:
        try:
            return answer(params)
        except NotImplementedError:  # the stub
            raise
        except Exception as error:
            reason = str(error).strip()[:120].rstrip(".")
            raise Unfit(
                f"works for the weights of the line, but not where `loc` and `rho` are {what}: it raised "
                f"{type(error).__name__}: {reason}. It must take any tree of arrays: `jax.tree.leaves` lists what is "
                "in one, `jax.tree.map` goes through two side by side."
            ) from None

    return function


def example_line(batch: int) -> tuple[jax.Array, jax.Array]:
    """Points x (batch, 1) and y (batch,) on a noisy line."""
    random = np.random.default_rng(25)
    x = 1.5 + random.normal(size=(POINTS, 1))
    y = 0.7 * x[:, 0] - 0.2 + NOISE_SCALE * random.normal(size=POINTS)
    return jnp.asarray(x[:batch], jnp.float32), jnp.asarray(y[:batch], jnp.float32)


def _elbo_loss(names: Mapping[str, Any]) -> Iterator[Call]:
    weights = variational_params(TREES["kl_to_prior"])
    for batch in (POINTS, SINGLE):
        arguments = (weights, example_key(), *example_line(batch))
        yield Call("elbo_loss", names["elbo_loss"], arguments, facts=batch == POINTS)


def _dropout_mlp(names: Mapping[str, Any]) -> Iterator[Call]:
    yield from calls_of(names["DropoutMLP"], example_line(POINTS)[0])


def _mc_predict(names: Mapping[str, Any]) -> Iterator[Call]:
    x = example_line(POINTS)[0]
    params = initial_params(names["dropout_model"], example_key(), x)

    def samples(number: int) -> Callable[..., Any]:
        def function(params: Any, key: jax.Array, x: jax.Array) -> Any:
            try:
                return names["mc_predict"](params, key, x, number)
            except InvalidRngError:
                raise Unfit(
                    'switches dropout on, but hands it no key. Add `rngs={"dropout": key}` to `apply`, with a key of '
                    "its own for each sample."
                ) from None

        return function

    yield Call("mc_predict", samples(SAMPLES), (params, example_key(), x), differentiable=False)
    yield exported_only("mc_predict", samples(SAMPLES), params, example_key(), x[:SINGLE])
    yield exported_only(FEW, samples(FEW_SAMPLES), params, example_key(), x)


def _decompose(names: Mapping[str, Any]) -> Iterator[Call]:
    def parts(means: jax.Array, variances: jax.Array) -> tuple[Any, Any]:
        result = names["decompose"](means, variances)
        try:
            if isinstance(result, Mapping):
                raise TypeError
            aleatoric, epistemic = result
        except (TypeError, ValueError):
            raise Unfit(
                f"returns {_kind(result)}. It must return two arrays: `return aleatoric, epistemic`."
            ) from None
        return aleatoric, epistemic

    random = np.random.default_rng(35)
    for samples, batch in ((SAMPLES, POINTS), (FEW_SAMPLES, SINGLE)):
        means = jnp.asarray(random.normal(size=(samples, batch)), jnp.float32)
        yield Call("decompose", parts, (means, means**2 + 0.1), facts=batch == POINTS, differentiable=False)


def _kind(result: Any) -> str:
    if result is None:
        return "nothing (`None`)"
    return f"an array of shape {result.shape}" if hasattr(result, "shape") else f"a `{type(result).__name__}`"


ASSIGNMENT = Assignment(
    name="05_epistemic",
    title="What the network does not know",
    checks=Path(__file__).parent,
    given=frozenset({"noise_scale", "predict", "dropout_model"}),
    rebind=_given,
    questions=(
        Question(
            name="kl_to_prior",
            points=3,
            task="return KL(q || N(0, 1)) of a mean-field Normal, summed over all its weights, a scalar.",
            calls=_kl_to_prior,
            gradients=("kl_to_prior",),
            hints=(
                "First for one weight: write the divergence of two Normals, and put mean 0 and width 1 into the prior.",
                "Weights are independent under q and under the prior, so their divergences add up: over the entries of "
                "each leaf, and over the leaves of the tree.",
                "With scale = `jax.nn.softplus(rho)`: (scale^2 + loc^2 - 1) / 2 - log(scale) for each entry. "
                "`jax.tree.map` takes `loc` and `rho` side by side; `jax.tree.leaves` gives what is to be added.",
            ),
            section="How far from the prior",
        ),
        Question(
            name="elbo_loss",
            points=4,
            task="return (KL - log likelihood of one reparameterised draw of the weights) / b, a scalar.",
            calls=_elbo_loss,
            gradients=("elbo_loss",),
            needs=("kl_to_prior",),
            stand_ins=stand_ins.divergence,
            hints=(
                "Draw the weights as loc + scale * e with e from N(0, 1), so that the draw moves when loc and rho do.",
                "Slope and intercept are independent under q: each needs a key of its own (`jax.random.split`).",
                "`jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale)`, summed over the points, is the "
                "log likelihood. Take it from the divergence, and divide the whole by the number of points.",
            ),
            section="The evidence lower bound",
        ),
        Question(
            name="DropoutMLP",
            points=3,
            task="return one real number per point, (b, 1), with dropout on a hidden layer unless `deterministic`.",
            calls=_dropout_mlp,
            gradients=("apply", "apply_dropout"),
            hints=(
                "It is an `MLP` as in 02_regression, with a layer that sets units to zero at random between others.",
                "`nn.Dropout` goes after the activation of a hidden layer, not after the last layer, and must be told "
                "whether it is `deterministic`.",
                "For each hidden layer: `nn.Dense`, an activation, then `nn.Dropout(0.1)(…, "
                "deterministic=deterministic)`. At the end `nn.Dense(1)` with nothing after it.",
            ),
            section="Dropout",
        ),
        Question(
            name="mc_predict",
            points=3,
            task="return `num_samples` predictions with dropout kept on, independent masks each, shape (s, b).",
            calls=_mc_predict,
            needs=("DropoutMLP",),
            stand_ins=stand_ins.network,
            hints=(
                "The same key gives the same mask: how many keys are needed?",
                "One prediction is `dropout_model.apply` with `deterministic=False` and a key in `rngs`; its shape is "
                "(b, 1).",
                "`jax.random.split(key, num_samples)`, then `jax.vmap` over the keys of a function that predicts with "
                '`rngs={"dropout": key}` and returns shape (b,).',
            ),
            section="Monte Carlo dropout",
        ),
        Question(
            name="decompose",
            points=2,
            task="return the aleatoric and the epistemic part of the variance, each of shape (b,).",
            calls=_decompose,
            hints=(
                "One part is what remains if the weights were known; the other is what changes with the weights.",
                "A mean of variances, and a variance of means. Which is which, and over which axis?",
                "Aleatoric: the mean of `variances` over the samples. Epistemic: the variance of `means` over the "
                "samples, divided by s (`ddof=0`, the default).",
            ),
            section="Which part is which",
        ),
    ),
)
