"""When are masses called unbiased, and posteriors calibrated? Tolerances from measured error rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from clustermass.statistics import BinnedResiduals, ks_distance

# Measured by benchmarks/bias_tolerance.py, whose table stands in docs/decisions/: see there for the rates.
BIN_TOLERANCE_DEX = 0.05
RMS_TOLERANCE_DEX = 0.03
KS_TOLERANCE = 0.06


def residual_problem(residuals: BinnedResiduals) -> str | None:
    """What is biased, in words, or None.

    The median residual of each 0.2 dex bin of true mass must lie within BIN_TOLERANCE_DEX plus two standard errors
    of zero, and the rms of the six within RMS_TOLERANCE_DEX once their standard errors are taken off.
    """
    median, error = residuals.median, residuals.median_error
    if not np.isfinite(median).all():
        return "Some mass estimates are NaN or infinite."
    worst = int(np.argmax(np.abs(median) - 2 * error))
    excess = abs(float(median[worst])) - 2 * float(error[worst])
    rms = max(float(np.mean(median**2 - error**2)), 0.0) ** 0.5
    if excess <= BIN_TOLERANCE_DEX and rms <= RMS_TOLERANCE_DEX:
        return None
    direction = "low" if median[worst] < 0 else "high"
    return (
        f"The masses are biased: around 10^{14 + residuals.centres[worst]:.1f} h^-1 Msun the median is "
        f"{abs(median[worst]):.2f} ± {error[worst]:.2f} dex too {direction}, and over all bins the rms is {rms:.3f} "
        f"dex (allowed: {BIN_TOLERANCE_DEX} in a bin, {RMS_TOLERANCE_DEX} rms)."
    )


def calibration_problem(transform: np.ndarray) -> str | None:
    """What is not calibrated, in words, or None: the PIT must be uniform within KS_TOLERANCE."""
    distance = ks_distance(transform)
    if distance <= KS_TOLERANCE:
        return None
    low, high = np.mean(transform < 0.1), np.mean(transform > 0.9)
    ends = low + high
    what = "too narrow" if ends > 0.25 else "too wide" if ends < 0.15 else "shifted"
    return (
        f"The posteriors are not calibrated: they are {what}. The probability integral transform should be flat, but "
        f"its largest distance from a uniform distribution is {distance:.3f} (allowed: {KS_TOLERANCE}). Does `loss_fn` "
        "maximise the likelihood of the masses, and can the mixture take any shape?"
    )


def describe(residuals: BinnedResiduals) -> dict[str, Any]:
    """The numbers that a report draws; masses as log10 M, not relative to 10^14."""
    fields = {"median": "median", "error": "median_error", "p16": "p16", "p84": "p84"}
    numbers: dict[str, Any] = {
        name: [round(float(value), 4) if np.isfinite(value) else None for value in getattr(residuals, field)]
        for name, field in fields.items()
    }
    numbers["centre"] = [round(14 + float(centre), 4) for centre in residuals.centres]
    return numbers | {"tolerance": BIN_TOLERANCE_DEX}
