"""Where the tolerances of the trained `Classifier` come from: right and wrong networks, many seeds, error rates.

    python benchmarks/likelihood_tolerances.py [--seeds N] [--csv FILE]

Trains networks of several kinds as the judge does, each seed with clusters of its own, and prints how the judge's two
statistics spread and how often it is wrong: right classifiers that it fails, wrong ones that it passes. The table is
in docs/decisions/0006-classifier-tolerances.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import beta
from tensorflow_probability.substrates import jax as tfp

from autograder.exercises.examples import example_inputs, example_key
from autograder.exercises.likelihood.calibrated import (
    CALIBRATION_TOLERANCE,
    LEAST_INFORMATION,
    calibration_problem,
    information_problem,
)
from autograder.exercises.likelihood.forecasts import Forecasts, Network
from clustermass.history import TrainingDiverged

tfd = tfp.distributions


def from_logits(hidden: jax.Array) -> Any:
    """The usual head."""
    return tfd.Bernoulli(logits=nn.Dense(1)(hidden)[:, 0])


def from_probabilities(hidden: jax.Array) -> Any:
    """A head that takes the sigmoid itself."""
    return tfd.Bernoulli(probs=nn.sigmoid(nn.Dense(1)(hidden)[:, 0]))


def from_two_logits(hidden: jax.Array) -> Any:
    """A head with a number for each class."""
    return tfd.Categorical(logits=nn.Dense(2)(hidden))


def clipped(hidden: jax.Array) -> Any:
    """A wrong head: no probability below 0.1 or above 0.9."""
    return tfd.Bernoulli(probs=jnp.clip(nn.sigmoid(nn.Dense(1)(hidden)[:, 0]), 0.1, 0.9))


def bounded(activation: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong head: something that bounds the logits."""
    return lambda hidden: tfd.Bernoulli(logits=activation(nn.Dense(1)(hidden)[:, 0]))


class Body(nn.Module):
    """Hidden layers and a head; `features` are those that it looks at."""

    widths: tuple[int, ...] = (128, 128)
    activation: Callable[..., Any] = nn.relu
    head: Callable[..., Any] = from_logits
    features: tuple[int, ...] = tuple(range(14))
    normalise: bool = False

    @nn.compact
    def __call__(self, x: jax.Array) -> Any:
        """Features (b, 14) to a distribution with batch shape (b,)."""
        x = x[:, jnp.array(self.features)]
        for width in self.widths:
            x = self.activation(nn.LayerNorm()(nn.Dense(width)(x)) if self.normalise else nn.Dense(width)(x))
        return self.head(x)


RIGHT = {
    "two layers of 128": Body(),
    "the lecture's three": Body((128, 128, 64)),
    "tanh": Body(activation=nn.tanh),
    "swish, 64": Body((64, 64), nn.swish),
    "sigmoid": Body(activation=nn.sigmoid),
    "wide": Body((512, 512)),
    "deep": Body((64, 64, 64, 64)),
    "deep and wide": Body((256,) * 5),
    "one layer of 32": Body((32,)),
    "no hidden layer": Body(()),
    "layer norm": Body(normalise=True),
    "given probabilities": Body(head=from_probabilities),
    "two logits": Body(head=from_two_logits),
}
WRONG = {
    "clipped to 0.1 … 0.9": Body(head=clipped),
    "sigmoid as logit": Body(head=bounded(nn.sigmoid)),
    "tanh as logit": Body(head=bounded(nn.tanh)),
    "relu as logit": Body(head=bounded(nn.relu)),
    "skewness of radii alone": Body(features=(4,)),
    "mean velocity alone": Body(features=(10,)),
}


def network_of(body: Body) -> Network:
    """A Flax module as functions of leaves."""
    structure = jax.tree.structure(jax.eval_shape(body.init, example_key(), example_inputs()[0]))

    def distribution(leaves: Any, x: Any) -> Any:
        return body.apply(jax.tree.unflatten(structure, leaves), x)

    mean = jax.jit(lambda leaves, x: distribution(leaves, x).mean())
    return Network(
        init=lambda key, x: jax.tree.leaves(body.init(key, x)),
        log_prob=lambda leaves, x, labels: distribution(leaves, x).log_prob(labels),
        mean=lambda leaves, x: np.asarray(mean(leaves, x)),
    )


def measure(seeds: int) -> Iterator[dict[str, Any]]:
    """One row per trained network: what it is, the judge's statistics, and what the judge says."""
    for seed in range(2_000, 2_000 + seeds):
        for name, body in (RIGHT | WRONG).items():
            row: dict[str, Any] = {"network": name, "right": name in RIGHT, "seed": seed}
            try:
                forecasts = Forecasts.train(network_of(body), seed)
            except TrainingDiverged:
                yield row | {"error": np.nan, "information": np.nan, "passes": False}
                continue
            yield row | {
                "error": forecasts.calibration_error,
                "information": forecasts.information,
                "passes": calibration_problem(forecasts) is None and information_problem(forecasts) is None,
            }
            print(".", end="", flush=True, file=sys.stderr)


def report(rows: list[dict[str, Any]]) -> None:
    """Print the spread of each kind and the error rates."""
    print(f"\nAllowed: calibration error {CALIBRATION_TOLERANCE}; information at least {LEAST_INFORMATION}\n")
    print("| classifier | n | calibration error: median, worst | information: median, worst | passes |")
    print("|---|---|---|---|---|")
    for name in RIGHT | WRONG:
        some = [row for row in rows if row["network"] == name]
        right = name in RIGHT
        # The worst right one is nearest to failing, the worst wrong one nearest to passing.
        error = np.array([row["error"] for row in some])
        information = np.array([row["information"] for row in some])
        columns = [
            f"{np.median(error):.4f}, {(error.max() if right else error.min()):.4f}",
            f"{np.median(information):.2f}, {(information.min() if right else information.max()):.2f}",
        ]
        passed = sum(row["passes"] for row in some)
        print(f"| {'right' if right else 'wrong'}: {name} | {len(some)} | {' | '.join(columns)} | {passed} |")
    for right, words in ((True, "right classifiers failed"), (False, "wrong classifiers passed")):
        of_kind = [row for row in rows if row["right"] == right]
        errors = sum(row["passes"] != right for row in of_kind)
        upper = beta.ppf(0.95, errors + 1, len(of_kind) - errors)  # Clopper & Pearson (1934)
        print(f"\n{words}: {errors} of {len(of_kind)} (below {upper:.1%} at 95 % confidence)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--csv", type=Path, help="write every network here")
    arguments = parser.parse_args()
    found = list(measure(arguments.seeds))
    report(found)
    if arguments.csv:
        with arguments.csv.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(found[0]))
            writer.writeheader()
            writer.writerows(found)
