"""Where the tolerances of "unbiased" and "calibrated" come from: right and wrong chains, many seeds, error rates.

    python benchmarks/bias_tolerance.py [--seeds N] [--csv FILE]

Trains right networks of several kinds as the judge does, weighs the judge's flat test set with mean, median and mode,
and does the same with typical mistakes. Prints, for each, how the judge's statistics spread and how often it is wrong:
right chains that it fails, wrong ones that it passes. The table stands in docs/decisions/0003-bias-tolerances.md.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flax.linen as nn
import jax
import numpy as np
from tensorflow_probability.substrates import jax as tfp

from autograder.exercises.examples import example_inputs, example_key
from autograder.exercises.mdn.chain import Chain, Parts, bayes
from autograder.exercises.mdn.unbiased import (
    BIN_TOLERANCE_DEX,
    KS_TOLERANCE,
    RMS_TOLERANCE_DEX,
    calibration_problem,
    residual_problem,
)
from clustermass.statistics import ks_distance

tfd = tfp.distributions
Array = np.ndarray


class Network(nn.Module):
    """A mixture density network: hidden widths, activation, components, and a fixed width of the Normals if any."""

    widths: tuple[int, ...] = (128, 128, 64)
    activation: Callable[..., Any] = nn.relu
    components: int = 16
    fixed_width: float | None = None

    @nn.compact
    def __call__(self, x: jax.Array) -> Any:
        """Features (b, 14) to a mixture with batch shape (b,)."""
        for width in self.widths:
            x = self.activation(nn.Dense(width)(x))
        logits, centre = nn.Dense(self.components)(x), nn.Dense(self.components)(x)
        width = self.fixed_width or 1e-3 + nn.softplus(nn.Dense(self.components)(x))
        return tfd.MixtureSameFamily(tfd.Categorical(logits=logits), tfd.Normal(centre, width))


RIGHT = {
    "lecture's": Network(),
    "tanh": Network(activation=nn.tanh),
    "gelu, two layers": Network((128, 128), nn.gelu),
    "swish, small": Network((64, 64), nn.swish),
    "wide": Network((256, 256)),
    "deep": Network((64, 64, 64, 64)),
}
WRONG_NETWORKS = {
    "fixed width 0.3 dex": Network(fixed_width=0.3),
    "fixed width 0.5 dex": Network(fixed_width=0.5),
    "no hidden layer": Network(()),
}


def mean(log_posterior: Array, grid: Array) -> Array:
    """Posterior mean, (b,)."""
    weights = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    return weights @ grid / weights.sum(axis=1)


def median(log_posterior: Array, grid: Array) -> Array:
    """Posterior median, (b,)."""
    cumulative = np.cumsum(np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True)), axis=1)
    return np.array([np.interp(0.5, row / row[-1], grid) for row in cumulative])


def mode(log_posterior: Array, grid: Array) -> Array:
    """Posterior mode on the grid, (b,)."""
    return grid[log_posterior.argmax(axis=1)]


def unchanged(log_posterior: Array, *_: Array) -> Array:
    """A wrong reweighting: none."""
    return log_posterior


def half(log_posterior: Array, log_prior: Array, log_new_prior: Array, grid: Array) -> Array:
    """A wrong reweighting: half of the training prior (in the log) is left in."""
    return bayes(log_posterior, log_prior / 2, log_new_prior, grid)


def too_much(log_posterior: Array, log_prior: Array, log_new_prior: Array, grid: Array) -> Array:
    """A wrong reweighting: the training prior is divided out one and a half times."""
    return bayes(log_posterior, 1.5 * log_prior, log_new_prior, grid)


def chains(network: Network, seed: int, right: bool) -> Iterator[tuple[str, Chain]]:
    """One trained network, with right and wrong ways to use it."""
    trained = Chain.of_parts(_parts(network), seed)

    def variant(reweight: Callable[..., Array], estimate: Callable[..., Array]) -> Chain:
        parts = dataclasses.replace(trained.parts, reweight=reweight, estimate_mass=estimate)
        return dataclasses.replace(trained, parts=parts)

    for estimate in (mean, median, mode):
        yield estimate.__name__, variant(bayes, estimate)
    if right:
        for reweight in (unchanged, half, too_much):
            yield f"{reweight.__name__} prior, median", variant(reweight, median)


def _parts(network: Network) -> Parts:
    structure = jax.tree.structure(jax.eval_shape(network.init, example_key(), example_inputs()[0]))

    def distribution(leaves: Any, x: Any) -> Any:
        return network.apply(jax.tree.unflatten(structure, leaves), x)

    log_density = jax.jit(lambda leaves, x, grid: distribution(leaves, x).log_prob(grid[:, None]).T)
    return Parts(
        init=lambda key, x: jax.tree.leaves(network.init(key, x)),
        loss=lambda leaves, x, y: -distribution(leaves, x).log_prob(y[:, 0]).mean(),
        log_density=lambda leaves, x, grid: np.asarray(log_density(leaves, x, grid)),
        reweight=bayes,
        estimate_mass=mean,
    )


def measure(seeds: int) -> Iterator[dict[str, Any]]:
    """One row per chain: what it is, the judge's statistics, and what the judge says."""
    for seed in range(1_000, 1_000 + seeds):
        for name, network in (RIGHT | WRONG_NETWORKS).items():
            right = name in RIGHT
            for use, chain in chains(network, seed, right):
                residuals, transform = chain.residuals(), chain.pit()
                yield {
                    "network": name,
                    "use": use,
                    "right": right and use in ("mean", "median", "mode"),
                    "seed": seed,
                    "rms": float(np.sqrt(max(np.mean(residuals.median**2 - residuals.median_error**2), 0))),
                    "largest": float(np.max(np.abs(residuals.median) - 2 * residuals.median_error)),
                    "ks": ks_distance(transform),
                    "passes": residual_problem(residuals) is None and calibration_problem(transform) is None,
                }
                print(".", end="", flush=True, file=sys.stderr)


def report(rows: list[dict[str, Any]]) -> None:
    """Print the spread of each kind and the error rates."""
    print(f"\nTolerances: {BIN_TOLERANCE_DEX} dex in a bin, {RMS_TOLERANCE_DEX} dex rms, KS {KS_TOLERANCE}\n")
    print(
        "| chain | n | rms [dex] median, worst | largest bin [dex] median, worst | KS median, worst | passes |"
    )
    print("|---|---|---|---|---|---|")
    kinds = dict.fromkeys(
        (row["right"], row["use"] if row["network"] in RIGHT else row["network"]) for row in rows
    )
    for right, kind in sorted(kinds, reverse=True):
        some = [
            r
            for r in rows
            if (r["right"], r["use"] if r["network"] in RIGHT else r["network"]) == (right, kind)
        ]
        # The worst right chain is the largest; the worst wrong one is the smallest, nearest to passing.
        worst = max if right else min
        columns = [
            f"{np.median([r[k] for r in some]):.3f}, {worst(r[k] for r in some):.3f}"
            for k in ("rms", "largest", "ks")
        ]
        passed = sum(r["passes"] for r in some)
        print(f"| {'right' if right else 'wrong'}: {kind} | {len(some)} | {' | '.join(columns)} | {passed} |")
    for right, words in ((True, "right chains failed"), (False, "wrong chains passed")):
        of_kind = [r for r in rows if r["right"] == right]
        errors = sum(r["passes"] != right for r in of_kind)
        print(
            f"\n{words}: {errors} of {len(of_kind)} (below {_upper(errors, len(of_kind)):.1%} at 95 % confidence)"
        )


def _upper(errors: int, trials: int) -> float:
    """Upper 95 % limit of a rate (Clopper & Pearson 1934)."""
    from scipy.stats import beta

    return float(beta.ppf(0.95, errors + 1, trials - errors)) if errors < trials else 1.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--csv", type=Path, help="write every chain here")
    arguments = parser.parse_args()
    found = list(measure(arguments.seeds))
    report(found)
    if arguments.csv:
        with arguments.csv.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(found[0]))
            writer.writeheader()
            writer.writerows(found)
