"""`autograder start`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where to put the notebooks; made if it is not there.")
]


def start(folder: Folder) -> None:
    """Give a student the notebooks of the course. What is already there is never touched."""
    from autograder.places import notebooks

    console = Console(highlight=False)
    here = notebooks("release")
    releases = sorted(here.glob("*/*.ipynb"))
    if not releases:
        _stop(console, f"no notebooks in {here}: run `autograder build --no-solutions` first", 1)
    try:
        for release in releases:
            console.print(_give(release, folder / release.name), markup=False, soft_wrap=True)
    except OSError as error:
        _stop(console, f"cannot write to {folder}: {error.strerror}. Choose another folder.", 2)
    console.print(f"Next: jupyter lab {folder}", markup=False, soft_wrap=True)


def _give(release: Path, place: Path) -> str:
    """Copy one notebook unless a file of that name is there; say what was done."""
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = release.read_bytes()
    try:
        with place.open("xb") as file:  # "x": fails if it exists, even if it came into being this instant
            file.write(fresh)
    except FileExistsError:
        if place.read_bytes() == fresh:
            return f"{place} is there already, still as it was given out"
        return f"{place} is yours and stays as it is (for a fresh copy, rename it and run this again)"
    return f"{place} is new"


def _stop(console: Console, message: str, status: int) -> None:
    console.print("autograder start:", style="bold red", end=" ")
    console.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(status)
