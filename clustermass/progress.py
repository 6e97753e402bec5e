"""A progress bar that is tidy in a terminal, in a notebook, and in a notebook executed and committed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from tqdm import tqdm


class Tick(Protocol):
    """Advances the bar by one epoch and shows its losses, `tick(loss=0.02, validation=0.03)`."""

    def __call__(self, **losses: float) -> None:  # noqa: D102 (said above)
        ...


@contextmanager
def progress_bar(epochs: int, visible: bool = True) -> Iterator[Tick]:
    """A bar of `epochs` ticks, as a context that hands out its `Tick`.

    In a terminal it is drawn on stderr and stays. In a notebook it is text in an output that is rewritten in
    place and ends as `5/5 epochs, loss=0.0231`, the same at every run: tqdm's own notebook bar is a widget,
    which a committed notebook shows as `0%| | 0/5` for ever. Anywhere else (a log, a pipe, an autograder)
    nothing is written at all.
    """
    notebook = _in_notebook()
    if not visible or not (notebook or sys.stderr.isatty()):
        yield _draw_nothing
        return
    stream = _NotebookOutput() if notebook else sys.stderr
    # mininterval=0: an epoch is long enough to be drawn, however quick; 90 columns fit a notebook's output.
    with tqdm(total=epochs, unit="epoch", file=stream, mininterval=0, ncols=90 if notebook else None) as bar:

        def tick(**losses: float) -> None:
            bar.set_postfix({name: f"{loss:.4g}" for name, loss in losses.items()}, refresh=False)
            bar.update()

        try:
            yield tick
        finally:
            if notebook:
                bar.bar_format = "{n_fmt}/{total_fmt} epochs{postfix}"


def _draw_nothing(**losses: float) -> None:
    pass


def _in_notebook() -> bool:
    """Whether a Jupyter kernel runs us; a plain IPython shell, as in a terminal, does not count."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


class _NotebookOutput:
    """A stream for tqdm that shows the last line written, by updating one display in place."""

    def __init__(self) -> None:
        self._handle: Any = None

    def write(self, text: str) -> None:
        from IPython.display import display

        line = text.strip()
        if line and self._handle is None:
            self._handle = display({"text/plain": line}, raw=True, display_id=True)
        elif line:
            self._handle.update({"text/plain": line}, raw=True)

    def flush(self) -> None:
        """Displays are sent at once."""
