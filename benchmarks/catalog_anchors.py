"""Compare the simulated catalogue with every published number, print the result and draw it.

    python benchmarks/catalog_anchors.py [--seed 0] [--networks 3] [--figure catalog_anchors.png]

Networks trained as in the tutorial scatter from one training to the next, so converged ones are shown too. The
residual curves are taken on 60,000 clusters flat in mass, the scatter on the held-out part of the catalogue.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import time
from pathlib import Path

import numpy as np
from anchor_comparison import (
    QUANTITIES,
    Comparison,
    compare_counts,
    compare_marginals,
    compare_residuals,
    compare_tails,
    log10_mass,
)
from astropy.table import Table

from clustermass import Catalog
from clustermass.simulation import simulate, simulate_flat

FLAT_SIZE = 60_000
UNBIASED_EDGES = np.arange(13.8, 15.01, 0.2)
CURVES = ("mse_regression", "mdn_mean_training_prior", "mdn_mode_flat_prior")  # columns of the tutorial


def main() -> None:
    """Run all comparisons."""
    options = _options()
    table = _timed_simulation(options.seed)
    marginals = {quantity: compare_marginals(table, quantity) for quantity in QUANTITIES}
    tails = {quantity: compare_tails(table, quantity) for quantity in QUANTITIES}
    counts = compare_counts(table)
    for quantity in QUANTITIES:
        _print(f"{quantity}, marginals [dex]", marginals[quantity])
        _print(f"{quantity}, tails [dex]", tails[quantity])
    _print_total("all marginals", list(marginals.values()))
    _print_total("all tails", list(tails.values()))
    _print_counts(counts)

    residuals = _compare_networks(table, options.seed, options.networks)
    from anchor_figure import draw

    draw(marginals, tails, counts, residuals, options.figure)
    print(f"\nfigure: {options.figure}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=0, help="of the catalogue")
    parser.add_argument("--networks", type=int, default=3, help="of each kind to train")
    parser.add_argument("--figure", type=Path, default=Path("catalog_anchors.png"))
    return parser.parse_args()


def _timed_simulation(seed: int) -> Table:
    start = time.perf_counter()
    table = simulate(seed=seed)
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in kB elsewhere
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
    galaxies = int(np.sum(table["Ngal"]))
    print(
        f"simulated {len(table):,} lines of sight, {galaxies:,} galaxies: {seconds:.2f} s, {peak:.2f} GB peak"
    )
    start = time.perf_counter()
    simulate_flat(50_000, seed)
    print(f"simulated 50,000 clusters flat in log mass: {time.perf_counter() - start:.2f} s")
    return table


def _compare_networks(table: Table, seed: int, networks: int) -> Comparison:
    """Print both ways of training; return the residual curves of the converged networks."""
    train, test = Catalog(table).split()
    flat = Catalog(simulate_flat(FLAT_SIZE, seed + 1))
    _train_and_print("as in the tutorial", False, networks, train, test, flat)
    return _train_and_print("converged", True, min(networks, 2), train, test, flat)


def _train_and_print(
    title: str, converged: bool, networks: int, train: Catalog, test: Catalog, flat: Catalog
) -> Comparison:
    import reference_networks

    (x_test, y_test), (x_flat, y_flat) = test.arrays(), flat.arrays(like=train)
    x, mass = np.concatenate([x_test, x_flat]), log10_mass(flat.table)
    curves, unbiased = [], []
    for i in range(networks):
        settings = {"seed": 100 * i, "converged": converged}
        found = {"mse_regression": reference_networks.regression(train.arrays(), x, **settings)}
        found |= reference_networks.mixture(train.arrays(), x, **settings)
        held_out = {name: values[: len(test)] - y_test[:, 0] for name, values in found.items()}
        residuals = {name: values[len(test) :] - y_flat[:, 0] for name, values in found.items()}
        print(f"\nnetworks {i}, {title}: scatter on held-out clusters [dex]")
        print("  " + ", ".join(f"{name} {np.sqrt(np.mean(r**2)):.4f}" for name, r in held_out.items()))
        curves.append(compare_residuals(mass, {name: residuals[name] for name in CURVES}))
        unbiased.append([_medians(mass, r) for r in residuals.values()])
    average = np.mean([curve.simulated for curve in curves], axis=0)
    comparison = Comparison(curves[0].mass, CURVES, curves[0].published, average)
    _print(f"median residual per bin of true mass, mean of {networks} {title} [dex]", comparison)
    inside = (comparison.mass >= 13.7) & (comparison.mass <= 14.9)
    worst = np.abs(comparison.deviation[inside]).max(axis=0)
    print("  worst within 13.7 to 14.9:", dict(zip(CURVES, worst.round(3).tolist(), strict=True)))
    _print_unbiased(list(residuals), np.array(unbiased))
    return comparison


def _medians(mass: np.ndarray, residual: np.ndarray) -> list[float]:
    edges = itertools.pairwise(UNBIASED_EDGES)
    return [float(np.median(residual[(mass >= low) & (mass < high)])) for low, high in edges]


def _print_unbiased(names: list[str], medians: np.ndarray) -> None:
    """`medians` is (trainings, estimators, bins)."""
    print("\nmedian residual in bins of 0.2 dex from 13.8, mean of the trainings [dex]; rms, worst of all")
    for j, name in enumerate(names):
        bins = "  ".join(f"{value:+.3f}" for value in medians[:, j].mean(axis=0))
        rms, worst = np.sqrt(np.mean(medians[:, j] ** 2)), np.abs(medians[:, j]).max()
        print(f"  {name:26s} {bins}   rms {rms:.3f}  worst {worst:.3f}")


def _print(title: str, comparison: Comparison) -> None:
    print(f"\n{title}: rms {comparison.rms:.4f}, worst {comparison.worst:.4f}")
    print("  mass   " + "".join(f"{label[:21]:>24s}" for label in comparison.labels))
    for mass, published, simulated in zip(
        comparison.mass, comparison.published, comparison.simulated, strict=True
    ):
        pairs = zip(published, simulated, strict=True)
        print(f"  {mass:.2f}  " + "".join(f"{a:9.3f} {b:7.3f} {b - a:+7.3f}" for a, b in pairs))


def _print_total(title: str, comparisons: list[Comparison]) -> None:
    deviations = np.concatenate([comparison.deviation.ravel() for comparison in comparisons])
    rms, worst = np.sqrt(np.mean(deviations**2)), np.abs(deviations).max()
    print(f"\n{title}: rms {rms:.4f} dex, worst {worst:.4f} dex")


def _print_counts(counts: Comparison) -> None:
    print("\nclusters per bin of mass: published, simulated, ratio")
    for mass, a, b in zip(counts.mass, counts.published[:, 0], counts.simulated[:, 0], strict=True):
        print(f"  {mass:.2f}  {a:9.0f} {b:9.0f} {b / a:7.3f}")


if __name__ == "__main__":
    main()
