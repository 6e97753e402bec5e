"""Attacks that no file of `tests/submissions` can hold: links, pipes, huge files, what stands beside the cells.

All leave the stubs, so that whatever is gained is gained by the attack.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trap import Trap

ASSIGNMENT = "02_regression"
_POINTS = {
    "output_type": "execute_result",
    "data": {"text/plain": "3.0"},
    "metadata": {},
    "execution_count": 1,
}
# An attack, given the trap and where to hand in: a notebook of stubs is there already.
Build = Callable[[Trap, Path], None]


@dataclass(frozen=True)
class Built:
    """One attack: its kind and its story as in the header of a file, and how it is made."""

    name: str
    story: str
    build: Build


def folder_is_a_link(trap: Trap, notebook: Path) -> None:
    """Somebody else's answers, by the folder."""
    shutil.rmtree(notebook.parent)
    notebook.parent.symlink_to(trap.notebook("honest", ASSIGNMENT).parent)


def student_is_a_link(trap: Trap, notebook: Path) -> None:
    """Somebody else's answers, by the folder of the student."""
    shutil.rmtree(notebook.parents[1])
    notebook.parents[1].symlink_to(trap.course / "submitted" / "honest")


def notebook_is_a_link(trap: Trap, notebook: Path) -> None:
    """Somebody else's answers, by the file."""
    notebook.unlink()
    notebook.symlink_to(trap.notebook("honest", ASSIGNMENT))


def notebook_is_the_solution(trap: Trap, notebook: Path) -> None:
    """The instructor's answers, by the file."""
    notebook.unlink()
    notebook.symlink_to(trap.course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")


def files_beside_are_links(trap: Trap, notebook: Path) -> None:
    """Secrets that a grader might copy to where the student reads them, and configuration that it might run."""
    folder = notebook.parent
    (folder / "key.txt").symlink_to(trap.home / ".ssh" / "id_canary")
    (folder / "home").symlink_to(trap.home)
    (folder / "timestamp.txt").symlink_to(trap.home / ".ssh" / "id_canary")
    (folder / "gradebook.db").symlink_to(trap.course / "gradebook.db")
    planted = f"open({str(trap.course / trap.mark)!r}, 'w').write('hostile')\n"
    for name in ("nbgrader_config.py", "conftest.py", "sitecustomize.py", "json.py", "jax.py", "setup.cfg"):
        (folder / name).write_text(planted)


def notebook_is_a_pipe(trap: Trap, notebook: Path) -> None:
    """Whoever opens it waits for ever."""
    notebook.unlink()
    os.mkfifo(notebook)


def notebook_is_a_device(trap: Trap, notebook: Path) -> None:
    """It never ends."""
    notebook.unlink()
    notebook.symlink_to("/dev/zero")


def notebook_is_a_folder(trap: Trap, notebook: Path) -> None:
    """It cannot be opened."""
    notebook.unlink()
    notebook.mkdir()


def notebook_of_200_megabytes(trap: Trap, notebook: Path) -> None:
    """One output of it is too large for whoever reads it whole."""
    raw = json.loads(notebook.read_text())
    raw["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 200_000_000}]
    notebook.write_text(json.dumps(raw))


def notebook_nested_deeply(trap: Trap, notebook: Path) -> None:
    """A parser that calls itself for each level runs out of stack."""
    notebook.write_text('{"cells": ' + "[" * 1_000_000 + "]" * 1_000_000 + ', "metadata": {}, "nbformat": 4}')


def notebook_of_many_cells(trap: Trap, notebook: Path) -> None:
    """Each cell costs a little."""
    raw = json.loads(notebook.read_text())
    cell = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}
    raw["cells"] += [cell | {"id": f"c{number}"} for number in range(50_000)]
    notebook.write_text(json.dumps(raw))


def text_that_is_slow_to_format(trap: Trap, notebook: Path) -> None:
    """Markdown and code whose feedback would take hours to write, for whoever turns them into HTML."""
    raw = json.loads(notebook.read_text())
    for cell in raw["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "explain_bias":
            cell["source"] = "<div>" * 200_000
    texts = [r"\begin{a}" * 100_000, "<b>" * 300_000, '[a](b "' * 100_000]
    raw["cells"] += [
        {"cell_type": "markdown", "id": f"text-{number}", "metadata": {}, "source": text}
        for number, text in enumerate(texts)
    ]
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    raw["cells"].append(code | {"id": "dots", "source": f"# {'.' * 300_000}"})
    notebook.write_text(json.dumps(raw))


def numbers_that_do_not_end(trap: Trap, notebook: Path) -> None:
    """JSON of odd numbers and keys that come twice, where points and ids are read."""
    text = notebook.read_text().replace(
        '"nbformat": 4', f'"nbformat": 4, "x": {"9" * 100_000}, "y": NaN, "y": -Infinity'
    )
    notebook.write_text(text.replace('"points": 3', '"points": 1e400, "points": -0'))


def outputs_handed_in(trap: Trap, notebook: Path) -> None:
    """The check cells show full points already, and the scores are in the metadata too."""
    raw = json.loads(notebook.read_text())
    for cell in _code(raw):
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell.update(outputs=[_POINTS], execution_count=1)
            cell["metadata"].update(score=3, points=3, autograder={"points": 3.0, "status": "pass"})
    raw["metadata"]["autograder"] = {"score": 9, "verdict": {"score": 9}}
    notebook.write_text(json.dumps(raw))


def cell_types_switched(trap: Trap, notebook: Path) -> None:
    """Check cells that are Markdown or raw do not run; a written answer that is code does."""
    raw = json.loads(notebook.read_text())
    for kind, cell in zip(("markdown", "raw", "markdown"), _graded(raw), strict=False):
        cell["cell_type"] = kind
        cell.pop("outputs", None), cell.pop("execution_count", None)
    for cell in raw["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "explain_bias":
            cell.update(cell_type="code", source="3.0", outputs=[_POINTS], execution_count=1)
    notebook.write_text(json.dumps(raw))


def kernel_chosen(trap: Trap, notebook: Path) -> None:
    """A kernel of the student's choice runs the cells, or none that there is."""
    raw = json.loads(notebook.read_text())
    raw["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    raw["metadata"]["language_info"] = {"name": "markdown", "file_extension": ".py", "version": "../../.."}
    notebook.write_text(json.dumps(raw))


def format_switched(trap: Trap, notebook: Path) -> None:
    """An old format, whose cells are elsewhere, under a number that says otherwise."""
    raw = json.loads(notebook.read_text())
    notebook.write_text(
        json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [raw]} | raw)
    )


def _code(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in raw["cells"] if cell["cell_type"] == "code"]


def _graded(raw: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in _code(raw) if cell["metadata"].get("nbgrader", {}).get("grade")]


def _attack(kind: str, build: Build) -> Built:
    story = (build.__doc__ or "").strip()
    return Built(build.__name__, f"{kind}: {story[0].lower()}{story[1:]}", build)


BUILT = [
    *(
        _attack("Links", build)
        for build in (folder_is_a_link, student_is_a_link, notebook_is_a_link, notebook_is_the_solution)
    ),
    *(
        _attack("Links", build)
        for build in (files_beside_are_links, notebook_is_a_pipe, notebook_is_a_device)
    ),
    *(
        _attack("Notebook", build)
        for build in (notebook_is_a_folder, notebook_of_200_megabytes, notebook_nested_deeply)
    ),
    *(
        _attack("Notebook", build)
        for build in (notebook_of_many_cells, numbers_that_do_not_end, cell_types_switched)
    ),
    *(_attack("Notebook", build) for build in (kernel_chosen, format_switched)),
    _attack("Score forged", outputs_handed_in),
    _attack("Time", text_that_is_slow_to_format),
]
