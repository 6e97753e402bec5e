"""Build an assignment's release and solution from its source: all that was asked for, or nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat

from autograder.exercises import ASSIGNMENTS, assignment
from autograder.nbgrader import release, rules, solutions, sources

# Called with what happens now, and how much of it is done, from 0 to 1.
Report = Callable[[str, float], None]


def silent(_step: str, _done: float) -> None:
    """A `Report` for those who do not watch."""


def build(
    root: Path, names: Iterable[str] = (), *, with_solutions: bool = True, report: Report = silent
) -> dict[Path, str]:
    """The text of every notebook made from `root/source`, by the path that it belongs to. Writes nothing.

    Args:
        root: a checkout.
        names: assignments; all that there are, if left out.
        with_solutions: whether to execute the sources too, which takes about a minute each.
        report: told of each step.

    Raises:
        SourceError, GenerationError, ExecutionError, UnknownQuestion: saying what is wrong, and where.
    """
    read = [_read(root, name) for name in names or ASSIGNMENTS]
    built: dict[Path, str] = {}
    with tempfile.TemporaryDirectory(prefix="autograder-build-") as folder:
        for source in read:
            name = source.assignment
            report(f"release/{name}", 0.0)
            built[_path(root, "release", name)] = _text(release.generate(source, Path(folder, name)))
            report(f"release/{name}", 1.0)
        for source in read if with_solutions else ():
            name = source.assignment
            executed = solutions.execute(source, _new_folder(folder, name), _progress(name, report))
            built[_path(root, "solutions", name)] = _text(executed)
            report(f"solutions/{name}", 1.0)
    return built


def write(built: dict[Path, str]) -> None:
    """Replace the notebooks at once: each is written beside its place first, then all are moved."""
    ready = []
    try:
        for path, text in built.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part")
            ready.append((beside, path))
            beside.write_text(text, encoding="utf-8", newline="\n")
        for beside, path in ready:
            os.replace(beside, path)
    finally:
        for beside, _ in ready:
            beside.unlink(missing_ok=True)


def out_of_date(root: Path, names: Iterable[str] = ()) -> list[str]:
    """What a build would change, one sentence each: releases byte for byte, solutions in their cells."""
    found = []
    for path, text in build(root, names, with_solutions=False).items():
        name = path.stem
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            found.append(f"{path.relative_to(root)} is not what source/{name}/{name}.py makes")
        solution = _path(root, "solutions", name)
        if not solution.is_file() or _cells(nbformat.read(solution, 4)) != _cells(_read(root, name).notebook):
            found.append(f"{solution.relative_to(root)} does not have the cells of source/{name}/{name}.py")
    return found


def _read(root: Path, name: str) -> sources.Source:
    manifest = assignment(name)
    source = sources.read(root / "source" / name / f"{name}.py")
    rules.check(source, manifest)
    return source


def _path(root: Path, step: str, name: str) -> Path:
    return root / step / name / f"{name}.ipynb"


def _text(notebook: Any) -> str:
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def _new_folder(parent: str, name: str) -> Path:
    """An empty working directory: a solution must need no file of the repository."""
    folder = Path(parent, "run", name)
    folder.mkdir(parents=True)
    return folder


def _progress(name: str, report: Report) -> solutions.Progress:
    return lambda done, cell: report(f"solutions/{name}: {cell}", done)


def _cells(notebook: Any) -> list[tuple[str, str, str]]:
    return [(cell.cell_type, cell.id, cell.source) for cell in notebook.cells]
