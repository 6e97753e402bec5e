"""The plot of a bias check: residuals in bins of true mass."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping
from typing import Any

MAX_BINS = 100
BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#808080"


def residual_png(numbers: Mapping[str, Any]) -> str | None:
    """The residual plot as base64 PNG, or None where the numbers for one are not there.

    Args:
        numbers: `centre`, true masses log10(M200c / h^-1 Msun) of the bins; `median` and, where known, its
            `error`, `p16` and `p84`, residuals in dex; `tolerance`, dex.
    """
    centre, median = _column(numbers, "centre"), _column(numbers, "median")
    if not centre or not median or len(centre) != len(median):
        return None
    # Matplotlib takes half a second to import, so only when there is something to draw; its object API leaves
    # the notebook's own figures and backend alone.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 3.2), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    _draw(figure.subplots(), numbers, centre, median)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=110)
    return base64.b64encode(png.getvalue()).decode("ascii")


def _draw(axes: Any, numbers: Mapping[str, Any], centre: list[float], median: list[float]) -> None:
    low, high, error = (_column(numbers, name) for name in ("p16", "p84", "error"))
    tolerance = _number(numbers.get("tolerance"))
    axes.axhline(0, color="black", linewidth=1)
    if tolerance is not None:
        axes.axhspan(-tolerance, tolerance, color=GREY, alpha=0.25, label=f"within ±{tolerance:.3g} dex")
    if len(low) == len(high) == len(centre):
        axes.fill_between(centre, low, high, color=BLUE, alpha=0.2, label="16 to 84 %")
    bars = error if len(error) == len(centre) else None
    axes.errorbar(
        centre, median, yerr=bars, color=VERMILLION, marker="o", capsize=3, label="median with its error"
    )
    axes.set_xlabel(r"true mass, $\log_{10}\,(M_{200c}\,/\,h^{-1}M_\odot)$")
    axes.set_ylabel("predicted − true [dex]")
    axes.set_title("Residual in bins of true mass")
    axes.legend(fontsize="small", frameon=False)


def _column(numbers: Mapping[str, Any], name: str) -> list[float]:
    """A list of finite numbers; empty where it is anything else, since a verdict's figure is not checked."""
    raw = numbers.get(name)
    if not isinstance(raw, list) or not 0 < len(raw) <= MAX_BINS:
        return []
    values = [value for value in map(_number, raw) if value is not None]
    return values if len(values) == len(raw) else []


def _number(raw: Any) -> float | None:
    usable = (
        isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw) and abs(raw) < 1e6
    )
    return float(raw) if usable else None
