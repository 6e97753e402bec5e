"""The numbers behind a reliability diagram."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clustermass.reliability import reliability

forecasts = arrays(np.float32, st.integers(1, 50), elements=st.floats(0, 1, width=32))


@given(forecasts, st.integers(1, 20))
def test_every_forecast_is_counted_in_its_bin(probability, bins):
    """Bins have equal width, 1 belongs to the last; means are those of the forecasts inside."""
    summary = reliability(probability, probability > 0.5, bins)
    assert summary.counts.sum() == len(probability)
    filled = summary.counts > 0
    edges = np.arange(bins + 1) / bins
    assert (summary.predicted[filled] >= edges[:-1][filled] - 1e-9).all()
    assert (summary.predicted[filled] <= edges[1:][filled] + 1e-9).all()
    assert np.isnan(summary.observed[~filled]).all()


@given(forecasts)
def test_certain_forecasts_that_are_right_have_no_error(probability):
    """Forecasts of exactly 0 and 1 that come true: calibration error and standard errors are 0."""
    outcome = probability > 0.5
    summary = reliability(outcome.astype(float), outcome)
    assert summary.calibration_error == 0
    assert np.nanmax(summary.error) == 0


def test_calibration_error_is_the_mean_gap():
    """Two bins by hand: 3 forecasts of 0.2 with one hit, 1 of 0.9 without."""
    summary = reliability([0.2, 0.2, 0.2, 0.9], [1, 0, 0, 0])
    assert summary.calibration_error == pytest.approx((3 * (1 / 3 - 0.2) + 1 * 0.9) / 4)


def test_right_forecasts_keep_to_their_errors():
    """The scatter of the fractions about the forecasts is the error claimed, and the mean gap 0.8 of it."""
    rng = np.random.default_rng(0)
    probability = rng.uniform(size=(200, 2000))
    summaries = [reliability(row, rng.uniform(size=2000) < row) for row in probability]
    z = np.array([(s.observed - s.predicted) / s.error for s in summaries])
    assert z.std() == pytest.approx(1, abs=0.05)
    gap = np.mean([s.calibration_error for s in summaries])
    assert gap == pytest.approx(0.8 * np.mean([s.error for s in summaries]), rel=0.03)


@pytest.mark.parametrize(
    ("probability", "labels", "message"),
    [
        ([0.1, 0.2], [1], r"\(2,\) probabilities and \(1,\) labels"),
        ([], [], "at least one"),
        ([[0.1]], [[1]], r"both \(b,\)"),
        ([1.2], [1], "are these logits"),
        ([np.nan], [1], "between 0 and 1"),
        ([0.5], [0.5], "0 or 1"),
    ],
)
def test_wrong_input_is_named(probability, labels, message):
    """Lengths, values that are no probabilities, and labels that are none are refused by name."""
    with pytest.raises(ValueError, match=message):
        reliability(probability, labels)
