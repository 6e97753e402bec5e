"""`autograder start`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.asking import stop

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where to put the notebooks; made if it is not there.")
]


def start(folder: Folder) -> None:
    """Give a student the notebooks of the course. What is already there is never touched."""
    from autograder.learning.folder import make
    from autograder.places import notebooks

    here = notebooks("release")
    releases = sorted(here.glob("*/*.ipynb"))
    if not releases:
        stop("start", f"no notebooks in {here}: run `autograder build --no-solutions` first", 1)
    try:
        for release in releases:
            typer.echo(_give(release, folder / release.name))
    except OSError as error:
        stop("start", f"cannot write to {folder}: {error.strerror}. Choose another folder.")
    make(folder)  # from now on it remembers hints and checks
    course = shlex.quote(str(folder))
    typer.echo(f"Next: jupyter lab {course}    (and to see how far you are: autograder status {course})")


def _give(release: Path, place: Path) -> str:
    """Copy one notebook unless a file of that name is there; say what was done."""
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = release.read_bytes()
    try:
        file = place.open("xb")  # "x": fails if it exists, even if it came into being this instant
    except FileExistsError:
        if place.read_bytes() == fresh:
            return f"{place} is there already, still as it was given out"
        return f"{place} is yours and stays as it is (for a fresh copy, rename it and run this again)"
    try:
        with file:
            file.write(fresh)
    except OSError:  # a full disk: half a notebook would pass for the student's work the next time
        place.unlink(missing_ok=True)
        raise
    return f"{place} is new"
