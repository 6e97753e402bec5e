"""What all figures share: colours safe for colour-blind readers, paper size, a description in words."""

from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

LOG_M_UNIT = 14.0
"""`y` counts from 1e14 h^-1 Msun; axes show log10 of the mass in h^-1 Msun, so this is added."""

MASS_LABEL = r"$\log_{10}\, M_{\rm 200c}\;[h^{-1}\,M_\odot]$"

OUTLINE = [withStroke(linewidth=4, foreground="white")]
"""Path effect of a line that must stand out from a dark background."""

INK = "#333333"
GRID_GREY = "#d9d9d9"

# Okabe & Ito (2008), in an order whose greys alternate between dark and light; yellow is too pale for paper.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9"]
LINES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1))]
MARKERS = ["o", "s", "^", "D", "v", "P"]
HATCHES = ["", "////", "....", "\\\\\\\\", "xxxx", "||||"]


class DescribedFigure(Figure):
    """A figure that carries a description of itself for readers who cannot see it.

    It belongs to no pyplot window, so a notebook shows it exactly once, as the value of a cell's last line;
    in a script, `figure.savefig("name.png")` writes it. The description is the output's plain text, and the
    `alt` of its picture's metadata.
    """

    description = ""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        picture = BytesIO()
        self.savefig(picture, format="png", bbox_inches="tight")
        bundle = {"image/png": picture.getvalue(), "text/plain": self.description}
        return bundle, {"image/png": {"alt": self.description}}


def alt_text(figure: Figure) -> str:
    """The description in words of a figure of this package; empty for another one's."""
    return str(getattr(figure, "description", ""))


def describe(figure: Figure, text: str) -> Figure:
    """Attach `text`, one paragraph for readers who cannot see the figure; return the figure."""
    figure.description = text  # type: ignore[attr-defined]  # a caller's own Figure takes the attribute too
    return figure


def new_axes(rows: int = 1, columns: int = 1, size: tuple[float, float] = (6.4, 4.2), **options: Any) -> Any:
    """Axes of a new `DescribedFigure`, one or an array (rows, columns), at `size` in inches."""
    figure = DescribedFigure(figsize=size, dpi=110, layout="constrained")
    return figure.subplots(rows, columns, **options)


def figure_of(axes: Axes) -> Figure:
    """The top-level figure that `axes` belongs to."""
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def look(i: int) -> dict[str, Any]:
    """Colour, line style and marker of the i-th line of a figure: each its own, so that grey print keeps them apart."""
    i %= len(COLOURS)
    return {"color": COLOURS[i], "linestyle": LINES[i], "marker": MARKERS[i]}


def finish(axes: Axes, title: str, xlabel: str, ylabel: str, legend: str = "inside") -> None:
    """Title, labels with their units, a quiet frame and a legend: "inside", "below" the axes, or "none"."""
    axes.set_title(title, fontsize=11, color=INK)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=GRID_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    if legend == "inside":
        axes.legend(fontsize=9, frameon=True, framealpha=0.9, edgecolor="none")
    if legend == "below":
        axes.legend(fontsize=9, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
