"""Where the notebooks are: a checkout's `source/`, `release/`, `solutions/`, or the installed package's."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import autograder

Step = Literal["source", "release", "solutions"]

PACKAGE = Path(autograder.__file__).resolve().parent


class NoCheckoutError(RuntimeError):
    """The command needs a checkout of the repository, and there is none here; the message says what to do."""


def checkout() -> Path:
    """The root of the checkout: the nearest above the current folder, else the one this package runs from.

    Raises:
        NoCheckoutError: neither exists, as for a student who installed the package.
    """
    here = Path.cwd().resolve()
    for folder in (here, *here.parents, PACKAGE.parent):
        if (folder / "source").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise NoCheckoutError(
        "There is no checkout of clustermass here, with the `source/` that notebooks are made from. "
        "Run this in a clone of the repository. If you only want the notebooks of the course, run "
        "`autograder start my_course`."
    )


def notebooks(step: Step) -> Path:
    """The folder of a step's notebooks, `<folder>/<assignment>/<assignment>.ipynb` (`.py` for "source")."""
    try:
        return checkout() / step
    except NoCheckoutError:
        return PACKAGE / "data" / step
