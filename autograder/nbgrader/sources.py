"""Read an assignment's source: jupytext's percent format, with nbgrader's metadata in the cell markers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FLAGS = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}
EXAMPLE = (
    'nbgrader={"grade": false, "grade_id": "some-name", "locked": true, "schema_version": 3, '
    '"solution": false, "task": false}'
)


class SourceError(ValueError):
    """A source that must not be built from; each line of the message is `file:line: what is wrong`."""

    def __init__(self, path: Path, problems: list[tuple[int, str]]):
        name = Path(*path.parts[-3:])  # source/04_mdn/04_mdn.py, wherever the checkout is
        super().__init__("\n".join(f"{name}:{line}: {message}" for line, message in sorted(problems)))


@dataclass(frozen=True)
class Cell:
    """One cell and the line of its marker. `node` is the notebook's own cell."""

    line: int
    node: Any

    @property
    def options(self) -> dict[str, Any]:
        """nbgrader's metadata."""
        return self.node.metadata["nbgrader"]

    @property
    def id(self) -> str:
        """nbgrader's id, which is the cell's id too."""
        return self.options["grade_id"]


@dataclass(frozen=True)
class Source:
    """A source that was read: its cells are those of `notebook`, in order."""

    path: Path
    notebook: Any
    cells: tuple[Cell, ...]

    @property
    def assignment(self) -> str:
        """nbgrader's name of the assignment, "04_mdn"."""
        return self.path.stem


def read(path: Path) -> Source:
    """Read a source; its notebook has nbgrader's ids as cell ids, no metadata but nbgrader's, and the tags.

    Raises:
        SourceError: metadata that jupytext or nbgrader would take for something else; all of it at once.
    """
    text = path.read_text(encoding="utf-8")
    markers = [
        (number, line) for number, line in enumerate(text.splitlines(), 1) if re.match(r"#\s*%%", line)
    ]
    notebook = jupytext.reads(text, fmt="py:percent")
    if len(markers) != len(notebook.cells):
        raise SourceError(
            path, [(1, "every cell must begin with `# %%`: there is text before the first one")]
        )
    cells = tuple(Cell(line, node) for (line, _), node in zip(markers, notebook.cells, strict=True))

    problems = [(line, problem) for line, marker in markers for problem in _marker_problems(marker)]
    problems = problems or [*_id_problems(cells)]
    if problems:
        raise SourceError(path, problems)
    for cell in cells:
        _tidy(cell)
    notebook.metadata = METADATA
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return Source(path, notebook, cells)


def _marker_problems(marker: str) -> Iterator[str]:
    """What is wrong with nbgrader's metadata as written; at most one problem, they hide one another."""
    if "nbgrader." in marker:
        yield f"`nbgrader.key=…` is not nbgrader's metadata and would be ignored. Write {EXAMPLE}"
        return
    _, found, rest = marker.partition("nbgrader=")
    if not found:
        yield f"this cell has no nbgrader metadata; every cell needs an id. Write {EXAMPLE}"
        return
    try:
        options, _ = json.JSONDecoder().raw_decode(rest)
    except json.JSONDecodeError as error:
        yield f"nbgrader's metadata is not JSON ({error.msg}). Use double quotes, true and false: {EXAMPLE}"
        return
    missing = FLAGS - options.keys()
    if missing:
        yield f"nbgrader's metadata lacks {', '.join(sorted(missing))}. Write {EXAMPLE}"
    elif options["schema_version"] != 3:
        yield f"schema_version is {options['schema_version']}, but it must be 3, nbgrader's present format"


def _id_problems(cells: tuple[Cell, ...]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for cell in cells:
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell.id):
            yield (
                cell.line,
                f"the id {cell.id!r} must be 1 to 64 letters, digits, `-` or `_`, as Jupyter's cell ids are",
            )
        if cell.id in first:
            yield (
                cell.line,
                f"the id `{cell.id}` is taken by the cell at line {first[cell.id]}; ids must be unique",
            )
        first.setdefault(cell.id, cell.line)


def _tidy(cell: Cell) -> None:
    """As every build must make it: jupytext draws random ids and notes the blank lines between cells."""
    kept = {name: cell.node.metadata[name] for name in ("nbgrader", "tags") if name in cell.node.metadata}
    cell.node.metadata.clear()
    cell.node.metadata.update(kept)
    cell.node.id = cell.id
