"""How far right and wrong answers of 05_epistemic are from the tolerances of its statistical checks.

    python benchmarks/epistemic_tolerances.py [--seeds N] [--question NAME ...]

Each answer is captured once; what its checks measure is then measured on the data of N seeds. A row tells the worst
value, for right answers and for wrong ones, and how often it was within the tolerance. Stands in docs/decisions/0009.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np

from autograder.capture.capture import capture
from autograder.exercises import assignment
from autograder.exercises.epistemic import SAMPLES, test_dropoutmlp, test_elbo_loss, test_mc_predict
from autograder.exercises.epistemic.draws import DRAWS, Draws, trained
from autograder.exercises.epistemic.line import POINTS
from autograder.exercises.epistemic.network import DropoutNetwork, keys
from autograder.exercises.epistemic.samples import departure, relative_spread, slopes_over_masks
from autograder.judge.programs import Programs
from autograder.nbgrader.sources import read
from clustermass.statistics import ks_distance

NAME = "05_epistemic"
SOURCE = Path(__file__).parents[1] / "source" / NAME / f"{NAME}.py"

ELBO = """
def elbo_loss(variational_params, key, x, y):
    loc, rho = variational_params["loc"], variational_params["rho"]
    keys = dict(zip(("slope", "intercept"), jax.random.split(key)))
    scale = {{name: jax.nn.softplus(rho[name]) for name in rho}}
    noise = {{name: {} for name in loc}}
    weights = {{name: loc[name] + scale[name] * noise[name] for name in loc}}
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale).sum()
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)
"""
NETWORK = """
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic):
        for width in {widths}:
            x = nn.{activation}(nn.Dense(width)(x))
            if not deterministic:
                kept = jax.random.bernoulli(self.make_rng("dropout"), 1 - {rate}, x.shape)
                x = jnp.where(kept, x, 0.0) * {scale}
        return nn.Dense(1)(x)
"""
SAMPLE = """
def mc_predict(params, key, x, num_samples):
    def sample(key):
        return dropout_model.apply(params, x, deterministic=False, rngs={{"dropout": key}})[:, 0]
    return {}
"""
SPLIT = "jax.vmap(sample)(jax.random.split(key, num_samples))"


def network(widths: tuple[int, ...], activation: str, rate: float, scale: str = "") -> str:
    """A network with dropout after each hidden layer; what is kept is scaled by `scale`, 1 / (1 - rate) if left out."""
    return NETWORK.format(
        widths=widths, activation=activation, rate=rate, scale=scale or f"(1 / (1 - {rate}))"
    )


RIGHT_NETWORKS = {
    f"{activation} {'-'.join(map(str, widths))}, rate {rate}": network(widths, activation, rate)
    for widths in ((16,), (64, 64), (64, 64, 64, 64))
    for activation in ("relu", "tanh", "gelu", "sigmoid")
    for rate in (0.1, 0.5)
}
ANSWERS: dict[str, dict[str, tuple[bool, str]]] = {
    "elbo_loss": {
        "one key each": (True, ELBO.format("jax.random.normal(keys[name])")),
        "key folded in": (True, ELBO.format("jax.random.normal(jax.random.fold_in(key, len(name)))")),
        "inverse distribution function": (
            True,
            ELBO.format(
                "jax.scipy.special.ndtri(jax.random.uniform(keys[name], minval=1e-6, maxval=1 - 1e-6))"
            ),
        ),
        "one key for both": (False, ELBO.format("jax.random.normal(key)")),
        "one draw a point": (False, ELBO.format("jax.random.normal(keys[name], y.shape)")),
        "average of two draws": (False, ELBO.format("jax.random.normal(keys[name], (2,)).mean()")),
        "uniform": (False, ELBO.format("jax.random.uniform(keys[name], minval=-1.0, maxval=1.0) * 3**0.5")),
        "scale exp(rho)": (
            False,
            ELBO.format("jax.random.normal(keys[name]) * jnp.exp(rho[name]) / scale[name]"),
        ),
        "width without gradient": (
            False,
            ELBO.format("jax.lax.stop_gradient(scale[name]) / scale[name] * jax.random.normal(keys[name])"),
        ),
    },
    "DropoutMLP": {
        **{name: (True, answer) for name, answer in RIGHT_NETWORKS.items()},
        "divided by the rate 0.1": (False, network((64,), "relu", 0.1, "10")),
        "divided by the rate 0.3": (False, network((64,), "relu", 0.3, "(1 / 0.3)")),
        "not rescaled, rate 0.5, two layers": (False, network((64, 64), "relu", 0.5, "1")),
        "not rescaled, rate 0.1, two layers": (False, network((64, 64), "relu", 0.1, "1")),
    },
    "mc_predict": {
        "split": (True, SAMPLE.format(SPLIT)),
        # Then a call has eight masks, not eight for each point, and its means are that much less certain.
        "masks shared by all points, rate 0.5": (
            True,
            network((64, 64), "silu", 0.5).replace("x.shape)", "x.shape[1:])")
            + "dropout_model = DropoutMLP()\n"
            + SAMPLE.format(SPLIT),
        ),
        "one large batch": (
            True,
            "def mc_predict(params, key, x, num_samples):\n"
            "    rows = jnp.tile(x, (num_samples, 1))\n"
            "    y = dropout_model.apply(params, rows, deterministic=False, rngs={'dropout': key})\n"
            "    return y.reshape(num_samples, len(x))",
        ),
        "one key for all": (False, SAMPLE.format("jnp.stack([sample(key)] * num_samples)")),
        "two keys for eight samples": (
            False,
            SAMPLE.format("jnp.stack([sample(jax.random.fold_in(key, i % 2)) for i in range(num_samples)])"),
        ),
        "averages of three": (
            False,
            SAMPLE.format(
                "jax.vmap(sample)(jax.random.split(key, 3 * num_samples)).reshape(3, num_samples, -1).mean(axis=0)"
            ),
        ),
        "samples and points exchanged": (
            False,
            "def mc_predict(params, key, x, num_samples):\n"
            "    rows = jnp.repeat(x, num_samples, axis=0)\n"
            "    y = dropout_model.apply(params, rows, deterministic=False, rngs={'dropout': key})\n"
            "    return y.reshape(num_samples, len(x))",
        ),
    },
}


def programs(question: str, answer: str) -> tuple[Programs, dict[str, Programs]]:
    """The programs of an answer, among those of the reference, and of what it needs."""
    wanted = ("setup", "line", "kl_to_prior", "elbo_loss", "DropoutMLP", "dropout-model", "mc_predict")
    reference = {cell.id: cell.source for cell in read(SOURCE).notebook.cells}
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for name in wanted:
        exec(compile(answer if name == question else reference[name], f"<{name}>", "exec"), namespace)
    spec = assignment(NAME)
    artifact = capture(namespace, spec, [question], needed=spec[question].needs)
    needed = {name: Programs(artifact[name], "own") for name in spec[question].needs}
    return Programs(artifact[question], "own"), needed


def of_elbo_loss(answer: Programs, _: dict[str, Programs], random: np.random.Generator) -> dict[str, float]:
    """What is measured of `elbo_loss`, each as a share of its tolerance."""
    draws = Draws.take(answer, random)
    expected_loss, expected_gradient = (
        draws.data.expected_loss(draws.q),
        draws.data.expected_gradient(draws.q),
    )
    noise, error = draws.noise, DRAWS**-0.5 * test_elbo_loss.SIGMAS
    loss_error = 1e-3 * (1 + abs(expected_loss)) + error * draws.losses.std()
    slopes = draws.gradients.mean(axis=0) - expected_gradient
    slope_error = 2e-3 * (1 + np.abs(expected_gradient)) + error * draws.gradients.std(axis=0)
    one = np.abs(draws.losses - draws.data.loss_at(draws.q, draws.weights)) / (
        2e-3 * (1 + np.abs(draws.losses))
    )
    data, q = trained(answer, random)
    mean, width = data.best_mean_field()
    return {
        "width of the draws": np.abs(noise.std(axis=0) - 1).max() / test_elbo_loss.WIDTH,
        "centre of the draws": np.abs(noise.mean(axis=0)).max() / error,
        "correlation": abs(np.corrcoef(noise.T)[0, 1]) / error,
        "KS distance from a Normal": max(
            ks_distance(np.asarray(jax.scipy.stats.norm.cdf(column))) for column in noise.T
        )
        / test_elbo_loss.KS,
        "loss at the draw": one.max(),
        "mean loss": abs(draws.losses.mean() - expected_loss) / loss_error,
        "mean gradient": (np.abs(slopes) / slope_error).max(),
        "centre, trained": np.abs((q.loc - mean) / width).max() / test_elbo_loss.CENTRE,
        "width, trained": np.abs(np.log(q.scale / width)).max() / test_elbo_loss.RELATIVE_WIDTH,
    }


def of_dropout_mlp(answer: Programs, _: dict[str, Programs], random: np.random.Generator) -> dict[str, float]:
    """What is measured of `DropoutMLP`."""
    below, x = DropoutNetwork.of_programs(answer), random.uniform(-2, 2, size=(POINTS, 1)).astype(np.float32)
    slopes, errors = slopes_over_masks(below, x, random, test_dropoutmlp.NETWORKS, test_dropoutmlp.MASKS)
    errors *= test_dropoutmlp.SIGMAS
    low, high = np.quantile(slopes - errors, 0.25), np.quantile(slopes + errors, 0.75)
    below_one, above_one = test_dropoutmlp.SLOPES
    return {"slopes below 1": (1 - high) / (1 - below_one), "slopes above 1": (low - 1) / (above_one - 1)}


def of_mc_predict(
    answer: Programs, needed: dict[str, Programs], random: np.random.Generator
) -> dict[str, float]:
    """What is measured of `mc_predict`."""
    below, x = (
        DropoutNetwork.below(answer, needed),
        random.uniform(-2, 2, size=(POINTS, 1)).astype(np.float32),
    )
    params, calls = below.draw(random, x), test_mc_predict.CALLS
    drawn = np.stack([answer("mc_predict", params, key, x) for key in keys(random, calls)]).astype(np.float64)
    single = [below.apply_dropout(params, key, x) for key in keys(random, calls * SAMPLES)]
    reference = np.stack(single).astype(np.float64)
    ratio = max(relative_spread(drawn, reference), 1e-6)
    return {
        "mean at each point": departure(drawn, reference) / test_mc_predict.DEPARTURE,
        "log spread within a call": abs(np.log(ratio)) / np.log(test_mc_predict.SPREAD),
    }


MEASURE: dict[str, Callable[..., dict[str, float]]] = {
    "elbo_loss": of_elbo_loss,
    "DropoutMLP": of_dropout_mlp,
    "mc_predict": of_mc_predict,
}


def measured(question: str, seeds: int) -> Iterator[tuple[str, bool, list[dict[str, float]]]]:
    """Name, whether it is right, and what was measured for each seed, of each answer to `question`."""
    for name, (right, text) in ANSWERS[question].items():
        answer, needed = programs(question, text)
        yield (
            name,
            right,
            [MEASURE[question](answer, needed, np.random.default_rng([seed, 5])) for seed in range(seeds)],
        )


def main() -> None:
    """Print a table for each question."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--question", choices=list(ANSWERS), nargs="+", default=list(ANSWERS))
    options = parser.parse_args()
    seeds = options.seeds
    for question in options.question:
        print(f"\n{question}: share of the tolerance, median and largest of {seeds} seeds\n")
        for name, right, rows in measured(question, seeds):
            passed = sum(max(row.values()) <= 1 for row in rows)
            print(f"{'right' if right else 'wrong'}: {name}: within all tolerances {passed} of {seeds}")
            for what in rows[0]:
                values = [row[what] for row in rows]
                print(f"    {what:34} {np.median(values):8.2f} {max(values):8.2f}", flush=True)


if __name__ == "__main__":
    main()
