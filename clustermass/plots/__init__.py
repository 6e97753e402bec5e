"""Figures of the course, one file each: every function draws, and returns a Figure described in words."""

from clustermass.plots.binned_residuals import binned_residuals as binned_residuals
from clustermass.plots.curves import curves as curves
from clustermass.plots.learning_curves import learning_curves as learning_curves
from clustermass.plots.mass_prediction import mass_prediction as mass_prediction
from clustermass.plots.mass_prior import mass_prior as mass_prior
from clustermass.plots.pit_histogram import pit_histogram as pit_histogram
from clustermass.plots.posterior import posterior as posterior
from clustermass.plots.reliability_diagram import reliability_diagram as reliability_diagram
from clustermass.plots.style import alt_text as alt_text
from clustermass.plots.timings import timings as timings
