"""How long calls take, on a logarithmic axis: what a compilation costs, and what it buys."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from clustermass.plots import style


def timings(seconds: Mapping[str, Mapping[str, float]], *, ax: Axes | None = None) -> Figure:
    """A row for each function, a marker for each way of calling it.

    Args:
        seconds: function to way of calling to seconds, all positive.
        ax: where to draw; a new figure if left out.

    Raises:
        ValueError: a duration that is not positive.
    """
    if not all(value > 0 for ways in seconds.values() for value in ways.values()):
        raise ValueError("durations must be positive: a logarithmic axis has no room for others.")
    axes = style.new_axes(size=(6.8, 1.5 + 0.8 * len(seconds))) if ax is None else ax
    ways = list(dict.fromkeys(way for row in seconds.values() for way in row))
    for i, way in enumerate(ways):
        rows = [(row[way], place) for place, row in enumerate(seconds.values()) if way in row]
        axes.plot(
            *zip(*rows, strict=True),
            style.MARKERS[i % len(style.MARKERS)],
            color=style.COLOURS[i % len(style.COLOURS)],
            markeredgecolor=style.INK,
            markersize=9,
            label=way,
        )
    for place, row in enumerate(seconds.values()):
        for rank, value in enumerate(sorted(row.values())):
            # Above and below in turn, so that durations which are close do not cover each other.
            axes.annotate(
                duration(value),
                (value, place),
                (0, 9) if rank % 2 == 0 else (0, -17),
                textcoords="offset points",
                ha="center",
                fontsize=9,
                color=style.INK,
            )
    axes.set_yticks(range(len(seconds)), list(seconds))
    axes.set_ylim(len(seconds) - 0.5, -0.6)
    axes.set_xscale("log")
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: duration(value)))
    axes.xaxis.set_minor_locator(NullLocator())
    style.finish(axes, "Duration of a call", "wall time (logarithmic)", "function", legend="none")
    style.figure_of(axes).legend(fontsize=9, frameon=False, loc="outside lower center", ncols=len(ways))
    return style.describe(style.figure_of(axes), _in_words(seconds))


def duration(seconds: float) -> str:
    """Seconds as people write them: "12 µs", "3.4 ms", "1.2 s"."""
    for unit, size in (("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * size:
            return f"{_short(seconds / size)} {unit}"
    return f"{_short(seconds)} s"


def _short(value: float) -> str:
    """Two significant digits below ten, whole numbers above."""
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _in_words(seconds: Mapping[str, Mapping[str, float]]) -> str:
    rows = [
        f"{' '.join(name.split())}: " + ", ".join(f"{way} {duration(value)}" for way, value in ways.items())
        for name, ways in seconds.items()
    ]
    return f"Duration of a call. {'; '.join(rows)}."
