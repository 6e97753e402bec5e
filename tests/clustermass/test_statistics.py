"""The numbers behind the plots, against NumPy's and SciPy's own."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clustermass import statistics
from clustermass.statistics import MASS_BINS, binned_residuals, ks_distance, median_error, pit

masses = arrays(np.float32, st.integers(1, 60), elements=st.floats(-0.5, 1.5, width=32))


def test_mass_bins_are_those_of_the_lesson():
    """Six bins of 0.2 dex from 10^13.8 to 10^15 h^-1 Msun."""
    np.testing.assert_allclose(MASS_BINS + 14, [13.8, 14.0, 14.2, 14.4, 14.6, 14.8, 15.0])


@given(truth=masses, offset=st.floats(-0.5, 0.5))
def test_counts_and_medians_agree_with_scipy(truth, offset):
    """Every bin holds the clusters, and the median, that SciPy finds there."""
    prediction = truth + offset * np.arange(len(truth)) / len(truth)
    summary = binned_residuals(truth, prediction)
    residuals = prediction.astype(float) - truth.astype(float)
    for statistic, ours in (("count", summary.counts), ("median", summary.median)):
        theirs = scipy.stats.binned_statistic(truth.astype(float), residuals, statistic, bins=MASS_BINS)
        np.testing.assert_allclose(ours, theirs.statistic, atol=1e-12)


def test_bands_are_the_percentiles_of_the_residuals():
    """The four bands are NumPy's percentiles of the residuals inside the bin, and of nothing outside it."""
    rng = np.random.default_rng(0)
    truth = np.append(rng.uniform(0, 0.2, 500), 0.9)
    residual = np.append(rng.normal(size=500), 100)
    summary = binned_residuals(truth, truth + residual, [0, 0.2])
    bands = [summary.p2_5[0], summary.p16[0], summary.p84[0], summary.p97_5[0]]
    np.testing.assert_allclose(bands, np.percentile(residual[:-1], [2.5, 16, 84, 97.5]))


@given(truth=masses)
def test_a_column_is_read_as_its_values(truth):
    """(b, 1) and (b,) mean the same: subtracted, they would otherwise broadcast to (b, b)."""
    flat, column = binned_residuals(truth, truth), binned_residuals(truth[:, None], truth)
    np.testing.assert_array_equal(flat.counts, column.counts)
    np.testing.assert_array_equal(flat.median, column.median)


def test_an_empty_bin_has_no_median():
    """A bin without clusters gives nan and a count of 0, without a warning."""
    summary = binned_residuals([0.1], [0.2])
    np.testing.assert_array_equal(summary.counts, [0, 1, 0, 0, 0, 0])
    assert np.isnan(summary.median[0])
    assert np.isnan(summary.median_error[1]), "one cluster has no standard error"


@pytest.mark.parametrize("distribution", [scipy.stats.norm, scipy.stats.laplace, scipy.stats.t(2)])
def test_the_error_of_the_median_is_the_scatter_of_medians(distribution):
    """Over many samples, the error claimed is the scatter seen, for heavy tails as well."""
    samples = distribution.rvs(size=(2000, 200), random_state=0)
    claimed = np.mean([median_error(sample) for sample in samples[:500]])
    assert claimed == pytest.approx(np.median(samples, axis=1).std(), rel=0.08)


@pytest.mark.parametrize(
    ("truth", "prediction", "edges", "message"),
    [
        ([0.1, 0.2], [0.1], MASS_BINS, "2 of y_true and 1 of y_pred"),
        ([0.1], [np.nan], MASS_BINS, "y_pred holds 1 values that are NaN"),
        ([[0.1, 0.2]], [0.1], MASS_BINS, r"\(b,\) or \(b, 1\)"),
        ([0.1], [0.1], [0.2, 0.1], "rising"),
    ],
)
def test_wrong_input_is_named(truth, prediction, edges, message):
    """Lengths, shapes, NaN and edges that make no sense are refused by name."""
    with pytest.raises(ValueError, match=message):
        binned_residuals(truth, prediction, edges)


@given(
    means=arrays(float, st.integers(1, 8), elements=st.floats(-0.5, 0.5)),
    offset=st.floats(-300, 300),
    z=st.floats(-3, 3),
)
def test_pit_of_normals_is_their_cumulative_distribution(means, offset, z):
    """For Normal posteriors the transform is SciPy's cdf, however the log density is normalised."""
    grid = np.linspace(-2, 2, 801)
    log_density = scipy.stats.norm.logpdf(grid, means[:, None], 0.2) + offset
    values = pit(log_density, grid, means + 0.2 * z)
    np.testing.assert_allclose(values, scipy.stats.norm.cdf(z), atol=1e-4)


def test_pit_outside_the_grid_is_nought_or_one():
    """A true mass below the grid has probability 0 below it, above the grid 1."""
    values = pit(np.zeros((2, 5)), np.linspace(0, 1, 5), [[-3.0], [3.0]])
    np.testing.assert_array_equal(values, [0, 1])


def test_pit_of_an_uneven_grid_weighs_by_width():
    """A flat density on an uneven grid is still flat, and may vanish in places."""
    grid = np.array([0.0, 0.1, 0.5, 1.0])
    np.testing.assert_allclose(pit(np.zeros((1, 4)), grid, [0.5]), [0.5])
    np.testing.assert_allclose(pit([[0, 0, 0, -np.inf]], grid, [1.0]), [1.0])


@pytest.mark.parametrize(
    ("log_density", "grid", "message"),
    [
        (np.zeros((2, 3)), [0, 1, 2], r"\(1, 3\) here"),
        (np.zeros((1, 3)), [0, 2, 1], "rise"),
        (np.full((1, 3), -np.inf), [0, 1, 2], "empty"),
        (np.full((1, 3), np.nan), [0, 1, 2], "NaN"),
    ],
)
def test_pit_refuses_what_is_no_posterior(log_density, grid, message):
    """Shapes that do not fit and rows without a density are refused with the reason."""
    with pytest.raises(ValueError, match=message):
        pit(log_density, grid, [0.5])


@given(arrays(float, st.integers(1, 50), elements=st.floats(0, 1)))
def test_ks_distance_is_that_of_scipy(values):
    """The distance equals `scipy.stats.kstest` against the flat distribution."""
    assert ks_distance(values) == pytest.approx(scipy.stats.kstest(values, "uniform").statistic, abs=1e-12)


def test_calibrated_posteriors_pass_and_narrow_ones_do_not():
    """The distance tells calibrated posteriors (about 0.87/√b) from posteriors half as wide as they claim."""
    rng = np.random.default_rng(1)
    grid, truth = np.linspace(-4, 4, 401), rng.normal(0, 0.3, 2000)
    centres = truth + rng.normal(0, 0.3, 2000)
    right = -((grid - centres[:, None] / 2) ** 2) / (
        0.3**2
    )  # prior and noise have variance 0.09: posterior half
    assert statistics.ks_distance(pit(right, grid, truth)) < 0.04
    assert statistics.ks_distance(pit(4 * right, grid, truth)) > 0.08
