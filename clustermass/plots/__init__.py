"""Figures of the course, one file each: every function draws, and returns a Figure described in words."""

from clustermass.plots.binned_residuals import binned_residuals as binned_residuals
from clustermass.plots.curves import curves as curves
from clustermass.plots.learning_curves import learning_curves as learning_curves
from clustermass.plots.mass_prediction import mass_prediction as mass_prediction
from clustermass.plots.mass_prior import mass_prior as mass_prior
from clustermass.plots.pit_histogram import pit_histogram as pit_histogram
from clustermass.plots.posterior import posterior as posterior
from clustermass.plots.predictive_bands import Prediction as Prediction
from clustermass.plots.predictive_bands import predictive_bands as predictive_bands
from clustermass.plots.reliability_diagram import reliability_diagram as reliability_diagram
from clustermass.plots.style import alt_text as alt_text
from clustermass.plots.timings import timings as timings
from clustermass.plots.uncertainty_by_mass import uncertainty_by_mass as uncertainty_by_mass
from clustermass.plots.uncertainty_by_size import uncertainty_by_size as uncertainty_by_size
from clustermass.plots.weight_posteriors import weight_posteriors as weight_posteriors
