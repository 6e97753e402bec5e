"""Every figure: drawn once, described in words, labelled with units, and showing the numbers it claims."""

import inspect
import warnings

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from clustermass import plots, statistics
from clustermass.history import History
from clustermass.plots.style import COLOURS, LINES
from clustermass.reliability import reliability

matplotlib.use("agg")

RNG = np.random.default_rng(0)
Y = np.clip(-0.5 + RNG.exponential(0.25, 3000), -0.5, 1.3).astype(np.float32)
PREDICTION = Y - 0.1 + RNG.normal(0, 0.1, 3000).astype(np.float32)
GRID = np.linspace(-1, 1.5, 101)
LIKELIHOOD = -0.5 * ((GRID - np.array([[0.1], [0.6]])) / 0.1) ** 2
FORECAST = RNG.uniform(size=3000)
OUTCOME = RNG.uniform(size=3000) < FORECAST
HISTORY = History(np.exp(-np.arange(30) / 9), np.array([0.5, 0.2, 0.1]), np.ones(3))
BANDS = plots.Prediction(
    GRID, GRID**2, 0.04, 0.01 + GRID**2, GRID[::9, None], GRID[::9] ** 2, truth=GRID**2 + 0.1
)
TILTED = np.array([[1.0, -0.9], [-0.9, 1.0]])
VARIANCES = {n: (np.full(3000, 0.02), np.full(3000, 1 / n)) for n in (500, 5_000)}

FIGURES = {
    "binned_residuals": lambda **on: plots.binned_residuals(Y[:, None], PREDICTION, **on),
    "mass_prediction": lambda **on: plots.mass_prediction(Y[:, None], PREDICTION[:, None], **on),
    "mass_prior": lambda **on: plots.mass_prior(Y[:, None], **on),
    "learning_curves": lambda **on: plots.learning_curves(HISTORY, **on),
    "pit_histogram": lambda **on: plots.pit_histogram(RNG.uniform(size=3000), **on),
    "posterior": lambda **on: plots.posterior(
        GRID, LIKELIHOOD[:1] - 4 * GRID, LIKELIHOOD[:1], truth=0.1, **on
    ),
    "reliability_diagram": lambda **on: plots.reliability_diagram(FORECAST, OUTCOME, **on),
    "curves": lambda **on: plots.curves(
        {"square": (GRID, GRID**2), "slope": (GRID, 2 * GRID)},
        points={"data": (GRID, GRID**2 + 0.1)},
        title="A function and its slope",
        xlabel="x",
        ylabel="y [dex]",
        **on,
    ),
    "predictive_bands": lambda **on: plots.predictive_bands(BANDS, **on),
    "weight_posteriors": lambda **on: plots.weight_posteriors(
        {"a line": {"exact": ([1, 2], TILTED), "mean field": ([1, 2], np.diag([0.1, 0.2]))}}, **on
    ),
    "uncertainty_by_size": lambda **on: plots.uncertainty_by_size(VARIANCES, **on),
    "uncertainty_by_mass": lambda **on: plots.uncertainty_by_mass(
        Y[:, None], {f"{size} clusters": epistemic for size, (_, epistemic) in VARIANCES.items()}, **on
    ),
    "timings": lambda **on: plots.timings(
        {"sum": {"plain": 2e-3, "compiled": 3e-6}, "dot": {"plain": 1.5}}, **on
    ),
}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_every_function_of_the_list_is_tested_here():
    """A new plot must join the tests below."""
    functions = {name for name, value in vars(plots).items() if inspect.isfunction(value)}
    assert functions - {"alt_text"} == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_labelled_and_described(name, tmp_path):
    """Title, axis labels, legend and words are there, and it can be written without a warning."""
    figure = FIGURES[name]()
    axes = figure.axes[0]
    assert axes.get_title()
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    assert axes.get_legend() or figure.legends
    assert len(plots.alt_text(figure)) > 40
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(tmp_path / "figure.png")


@pytest.mark.parametrize("name", FIGURES)
def test_a_notebook_shows_it_once(name):
    """It is in no pyplot window, which the notebook would show a second time, and brings its own picture."""
    figure = FIGURES[name]()
    assert plt.get_fignums() == []
    bundle, metadata = figure._repr_mimebundle_(include=None, exclude=None)
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == metadata["image/png"]["alt"] == plots.alt_text(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_it_draws_on_given_axes(name):
    """With `ax` it draws there and returns that figure, with its description."""
    figure, axes = plt.subplots()
    assert FIGURES[name](ax=axes) is figure
    assert axes.has_data()
    assert plots.alt_text(figure)


def test_a_figure_of_another_origin_has_no_words():
    """`alt_text` of a plain Matplotlib figure is empty."""
    assert plots.alt_text(Figure()) == ""


def test_residuals_show_the_statistics():
    """The line drawn is the median of `statistics.binned_residuals`, at masses in h^-1 Msun."""
    line = plots.binned_residuals(Y, PREDICTION, statistics.MASS_BINS).axes[0].containers[0].lines[0]
    summary = statistics.binned_residuals(Y, PREDICTION)
    np.testing.assert_allclose(line.get_xdata(), summary.centres + 14)
    np.testing.assert_allclose(line.get_ydata(), summary.median)


def test_several_predictions_differ_in_colour_line_and_marker():
    """Each has a colour, a line style and a marker of its own, so grey print keeps them apart."""
    predictions = {"mean": PREDICTION, "median": PREDICTION + 0.1, "mode": PREDICTION}
    figure = plots.binned_residuals(Y, predictions, tolerance=0.02)
    lines = [container.lines[0] for container in figure.axes[0].containers]
    for look in ("get_color", "get_linestyle", "get_marker"):
        assert len({str(getattr(line, look)()) for line in lines}) == 3
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert "median: median" in legend
    assert "within 0.02 dex" in legend


def test_empty_bins_are_left_out_of_words_and_line():
    """A bin without clusters draws nothing and is not mentioned."""
    figure = plots.binned_residuals([0.1, 0.12], [0.1, 0.1])
    assert "nan" not in plots.alt_text(figure)


def test_the_prior_counts_every_cluster():
    """The bars add up to the number of clusters, the heaviest one included."""
    bars = plots.mass_prior(Y).axes[0].containers[0]
    assert sum(bar.get_height() for bar in bars) == len(Y)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(-0.5, 1.25, width=32), min_size=1, max_size=20))
def test_any_masses_can_be_drawn(masses):
    """One cluster, equal clusters, a mass on an edge: all are counted and drawn."""
    bars = plots.mass_prior(masses).axes[0].containers[0]
    assert sum(bar.get_height() for bar in bars) == len(masses)
    assert plots.mass_prediction(masses, masses)


def test_losses_below_zero_have_a_linear_axis():
    """A negative log likelihood can be negative, where a logarithm cannot be."""
    negative = History(HISTORY.loss - 0.5, HISTORY.validation_loss - 0.5, HISTORY.seconds)
    assert plots.learning_curves({"MSE": HISTORY}).axes[0].get_yscale() == "log"
    assert plots.learning_curves({"MSE": HISTORY, "MDN": negative}).axes[0].get_yscale() == "linear"


def test_posteriors_have_a_panel_each_and_area_one():
    """Every cluster has a panel; curves integrate to one; priors and truth are in the one legend."""
    figure = plots.posterior(
        GRID,
        LIKELIHOOD - 4 * GRID,
        LIKELIHOOD,
        truth=[[0.1], [0.6]],
        log_prior=-4 * GRID,
        log_new_prior=0 * GRID,
    )
    assert len(figure.axes) == 2
    curves = [line for line in figure.axes[1].lines if len(line.get_xdata()) == len(GRID)]
    np.testing.assert_allclose([np.trapezoid(c.get_ydata(), c.get_xdata()) for c in curves], 1)
    assert len(figure.legends[0].get_texts()) == 5
    assert "truth 14.60" in plots.alt_text(figure)


def test_posteriors_that_do_not_fit_are_refused():
    """A grid of another length is named with both shapes."""
    with pytest.raises(ValueError, match=r"g = 101 grid points.*\(2, 100\)"):
        plots.posterior(GRID, LIKELIHOOD[:, 1:], LIKELIHOOD)


def test_a_pit_outside_its_range_is_refused():
    """Probabilities above one are an error, not a bar."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        plots.pit_histogram([0.5, 1.5])


def test_nearly_all_bars_of_a_flat_histogram_stay_in_the_band():
    """The band holds 95 % of the bars of flat histograms."""
    values = np.random.default_rng(2).uniform(size=20_000)
    figure = plots.pit_histogram(values, bins=200)
    band = figure.axes[0].patches[0].get_extents().transformed(figure.axes[0].transData.inverted())
    heights = np.histogram(values, 200, (0, 1))[0] / 100
    assert 0.9 < np.mean((heights >= band.y0) & (heights <= band.y1)) < 0.99


def test_curves_differ_in_colour_and_line():
    """Each curve has a colour and a line style of its own; orbits have equal scales and a marked start."""
    figure = plots.curves(
        {name: (GRID, GRID * scale) for scale, name in enumerate("abc")},
        title="t",
        xlabel="x [Mpc]",
        ylabel="y [Mpc]",
        equal_scale=True,
    )
    axes = figure.axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == len(GRID)]
    assert len({line.get_color() for line in lines}) == len({line.get_linestyle() for line in lines}) == 3
    assert [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1] == [GRID[0]] * 3
    assert axes.get_aspect() == 1
    assert "c, 101 points from (-1, -2) to (1.5, 3), between -2 and 3" in plots.alt_text(figure)


def test_durations_are_written_as_people_do():
    """Units change with the size, every marker carries its number, and rows may lack a way of calling."""
    figure = FIGURES["timings"]()
    assert {text.get_text() for text in figure.axes[0].texts} == {"2 ms", "3 µs", "1.5 s"}
    assert "sum: plain 2 ms, compiled 3 µs; dot: plain 1.5 s" in plots.alt_text(figure)
    written = [
        plots.timings({"f": {"g": value}}).axes[0].texts[0].get_text() for value in (9.996e-4, 0.0123, 61)
    ]
    assert written == ["1 ms", "12 ms", "61 s"]


def test_a_duration_of_nothing_is_refused():
    """There is no place for it on a logarithmic axis."""
    with pytest.raises(ValueError, match="must be positive"):
        plots.timings({"f": {"plain": 0.0}})


def test_reliability_diagram_shows_the_statistics():
    """Each forecast's line is that of `reliability`; forecasts of an overconfident kind leave the diagonal."""
    forecasts = {"right": FORECAST, "overconfident": np.where(FORECAST > 0.5, 0.95, 0.05)}
    figure = plots.reliability_diagram(forecasts, OUTCOME)
    lines = [container.lines[0] for container in figure.axes[0].containers]
    summary = reliability(FORECAST, OUTCOME)
    np.testing.assert_allclose(lines[0].get_data(), [summary.predicted, summary.observed])
    for look in ("get_color", "get_linestyle", "get_marker"):
        assert len({str(getattr(line, look)()) for line in lines}) == 2
    assert "0.25 at 0.05, 0.7" in plots.alt_text(figure)


def test_colours_stay_apart_in_grey():
    """Neighbouring colours differ in lightness, and every line style is its own."""
    grey = [np.dot(matplotlib.colors.to_rgb(colour), [0.299, 0.587, 0.114]) for colour in COLOURS]
    assert np.abs(np.diff(grey)).min() > 0.1
    assert len({str(line) for line in LINES}) == len(LINES) == len(COLOURS)


def test_bands_are_two_standard_deviations_wide():
    """The hatched band holds the epistemic part, the outer one both parts; several predictions have a panel each."""
    panel = plots.predictive_bands(BANDS).axes[0]
    total, epistemic = (band.get_paths()[0].vertices for band in panel.collections)
    middle = int(np.abs(GRID).argmin())
    for vertices, variance in ((epistemic, 0.01), (total, 0.05)):
        at_middle = vertices[np.isclose(vertices[:, 0], GRID[middle]), 1]
        np.testing.assert_allclose(np.ptp(at_middle), 4 * np.sqrt(variance + GRID[middle] ** 2), rtol=1e-6)
    figure = plots.predictive_bands({"one": BANDS, "two": BANDS, "three": BANDS})
    assert [axes.get_title() for axes in figure.axes] == ["one", "two", "three"]
    assert "three: epistemic standard deviation 0.1" in plots.alt_text(figure)


def test_ellipses_hold_what_they_say():
    """68 % of a Gaussian's draws lie inside the first ellipse: its points are at that distance from the mean."""
    figure = plots.weight_posteriors({"a line": {"exact": ([1, 2], TILTED)}})
    outline = np.stack(figure.axes[0].lines[0].get_data()) - np.array([[1], [2]])
    distance = np.sqrt(np.sum(outline * np.linalg.solve(TILTED, outline), axis=0))
    draws = np.random.default_rng(0).multivariate_normal([0, 0], TILTED, size=50_000)
    inside = np.sum(draws.T * np.linalg.solve(TILTED, draws.T), axis=0) < distance[0] ** 2
    np.testing.assert_allclose(distance, distance[0])
    assert abs(inside.mean() - 0.68) < 0.01
    assert "correlation -0.90" in plots.alt_text(figure)


def test_uncertainties_are_roots_of_mean_variances():
    """Lines show the root of the mean variance, over all clusters and in bins of mass; empty bins are left out."""
    by_size = plots.uncertainty_by_size(VARIANCES).axes[0]
    np.testing.assert_allclose(by_size.lines[1].get_ydata(), np.sqrt([1 / 500, 1 / 5000]))
    by_mass = plots.uncertainty_by_mass([0.1, 0.15], {"all": [0.04, 0.16]}).axes[0]
    heights = by_mass.lines[0].get_ydata()
    np.testing.assert_allclose(heights[np.isfinite(heights)], np.sqrt(0.1))
    assert "no cluster in any bin" in plots.alt_text(plots.uncertainty_by_mass([-3.0], {"all": [1.0]}))
