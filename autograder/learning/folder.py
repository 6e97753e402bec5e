"""A student's folder: the notebooks of the course in it, and the place where progress is remembered."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from autograder.exercises import ASSIGNMENTS
from autograder.grading.reading import UnreadableError, read_submission
from autograder.learning import progress

BEGIN = re.compile(r"""autograder\.begin\(\s*["']([^"']+)["']""")


def find(here: Path) -> Path | None:
    """The nearest folder at or above `here` that remembers progress; `autograder start` makes it one."""
    here = here.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / progress.PLACE).is_file()), None)


def course_folder(here: Path) -> Path | None:
    """The student's folder that `here` belongs to, or the one in it; else `here` itself, if notebooks are there."""
    if (folder := find(here)) is not None:
        return folder
    below = [path.parents[1] for path in here.glob(f"[!.]*/{progress.PLACE.as_posix()}")]
    if len(below) == 1:
        return below[0].resolve()
    return here.resolve() if notebooks(here) and not below else None


def make(folder: Path) -> None:
    """Let `folder` remember progress, where it can be written."""
    if not (folder / progress.PLACE).exists():
        with suppress(OSError):
            progress.update(folder, {})


def notebooks(folder: Path) -> dict[str, Path]:
    """The course's notebooks in `folder`, or one level below, in the order of the course."""
    found = {}
    for name in ASSIGNMENTS:
        candidates = [
            folder / f"{name}.ipynb",
            folder / name / f"{name}.ipynb",
            *folder.glob(f"[!.]*/{name}.ipynb"),
        ]
        if (path := next(filter(Path.is_file, candidates), None)) is not None:
            found[name] = path
    return found


def assignment_of(path: Path) -> str | None:
    """Which assignment a notebook is: by its name, else by its call of `autograder.begin`."""
    if path.stem in ASSIGNMENTS:
        return path.stem
    try:
        text = "\n".join(cell.source for cell in read_submission(path) if cell.kind == "code")
    except UnreadableError:
        return None
    found = BEGIN.search(text)
    return found[1] if found and found[1] in ASSIGNMENTS else None


def remembering(path: Path, assignment: str) -> Path | None:
    """The folder that remembers checks of the notebook at `path`: where it is the one that `status` looks at."""
    folder = find(path.parent)
    if folder is None:
        return None
    kept = notebooks(folder).get(assignment)
    return folder if kept is not None and kept.resolve() == path.resolve() else None
