"""nbgrader as it comes, on the same assignment and the same attacks: no configuration of ours, no sandbox, no judge."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from attack_list import Attack
from harm import State, elsewhere, left_behind, loot
from stock_tests import CHECKS
from trap import Trap

from autograder import places
from autograder.nbgrader import sources

ASSIGNMENT = "02_regression"
CONFIG = "c = get_config()\n"
# For one submission; nbgrader's own limit on a cell is 30 s.
SECONDS, MEMORY = 180, 8_000_000_000
# What must not be tried without a sandbox, and why.
LEFT_OUT = {
    **dict.fromkeys(
        ("memory_taken", "memory_of_children", "memory_shared", "program_takes_memory"), "memory"
    ),
    **dict.fromkeys(("disk_filled", "output_flood", "display_flood", "notebook_is_a_device"), "disk"),
}


@dataclass(frozen=True)
class Outcome:
    """What stock nbgrader made of an attack: points of 9 (None: no grade), and the harm in words."""

    points: float | None
    harm: tuple[str, ...]


class StockCourse:
    """A course that is prepared once: the assignment generated, an honest student graded; each attack has a copy."""

    def __init__(self, root: Path) -> None:
        """Generate the assignment and grade the reference, which must have full points."""
        self._root = root
        self._prepared = Trap(root / "prepared")
        self._prepared.lay(CONFIG)
        _write_source(self._prepared.course)
        _nbgrader(self._prepared, "generate_assignment", ASSIGNMENT)
        self._prepared.hand_in_honestly("honest", ASSIGNMENT, self._release(self._prepared))
        _nbgrader(self._prepared, "autograde", ASSIGNMENT, "--student=honest")
        if (points := _points(self._prepared, "honest")) != 9:
            raise RuntimeError(f"the reference has {points} of 9 points from the stock tests")

    def grade(self, attack: Attack) -> Outcome:
        """Autograde one attack, in a fresh copy of the course and of the home directory."""
        trap = Trap(self._root / attack.name, canary=self._prepared.canary, seed=self._prepared.seed)
        shutil.copytree(self._prepared.course, trap.course)
        shutil.copytree(self._prepared.home, trap.home)
        with trap.listening():
            attack.hand_in(trap, self._release(trap))
            before = State.of(trap, [attack.name])
            ended = _nbgrader(trap, "autograde", ASSIGNMENT, f"--student={attack.name}")
            found = [
                *_failures(ended),
                *left_behind(trap),
                *sorted(set(trap.calls)),
                *loot(trap, attack.name),
            ]
            _end_all(trap)
            found += [what for what in before.changes(State.of(trap, [attack.name])) if _is_harm(what, trap)]
            outcome = Outcome(_points(trap, attack.name), tuple(dict.fromkeys(found)))
        _clean(trap)
        return outcome

    def _release(self, trap: Trap) -> Path:
        return trap.course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def _write_source(course: Path) -> None:
    """Our source with asserts in its check cells; cells that only train and plot are left out, as our grader does."""
    read = sources.read(places.notebooks("source") / ASSIGNMENT / f"{ASSIGNMENT}.py")
    notebook = read.notebook
    notebook.cells = [cell for cell in notebook.cells if _is_needed(cell)]
    for cell in notebook.cells:
        cell.source = CHECKS.get(cell.metadata["nbgrader"]["grade_id"], cell.source).strip("\n")
    notebook.metadata.update(sources.METADATA)
    path = course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def _is_needed(cell: nbformat.NotebookNode) -> bool:
    options = cell.metadata["nbgrader"]
    only_shows = cell.cell_type == "code" and options["locked"] and not options["grade"]
    return not only_shows or "given" in cell.metadata.get("tags", ())


def _nbgrader(trap: Trap, *command: str) -> int | None:
    """Run a command of nbgrader in the course; its exit status, None if it had to be ended."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    programs = os.path.dirname(sys.executable)  # nbgrader runs alembic by name
    environment = trap.environment()
    environment["PATH"] = f"{programs}{os.pathsep}{environment.get('PATH', '')}"
    with open(trap.root / "nbgrader.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=trap.course,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=limit,
        )
        try:
            return process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            _end_all(trap)
            process.kill()
            process.wait()
            return None


def _failures(status: int | None) -> Iterator[str]:
    if status is None:
        yield f"nbgrader does not end within {SECONDS} s"
    elif status < 0:
        yield f"nbgrader is killed (signal {-status})"
    elif status > 0:
        yield "nbgrader gives up"


def _points(trap: Trap, student: str) -> float | None:
    """Points of the check cells as nbgrader counts them, None without a grade."""
    query = """
        SELECT grade.auto_score, grade.manual_score, grade.extra_credit FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        WHERE submitted_assignment.student_id = ? AND base_cell.name LIKE 'check-%'
    """
    with contextlib.closing(sqlite3.connect(trap.course / "gradebook.db")) as gradebook:
        rows = gradebook.execute(query, (student,)).fetchall()
    scores = [auto if manual is None else manual for auto, manual, _ in rows]
    if not rows or all(score is None for score in scores):
        return None
    return float(sum(score or 0 for score in scores))


def _is_harm(change: str, trap: Trap) -> bool:
    """Kernels leave files of their own in the home directory."""
    return (
        "home-" not in change
        or trap.mark in change.partition("home-")[2].partition("/")[2]
        or ".bashrc" in change
    )


def _end_all(trap: Trap) -> None:
    """End whatever still runs for this course: kernels, daemons, nbgrader itself."""
    for process in psutil.process_iter(["pid", "cmdline", "name"]):
        with contextlib.suppress(psutil.Error, OSError):
            words = " ".join([process.info["name"] or "", *(process.info["cmdline"] or ())])
            ours = trap.mark in words or process.cwd().startswith(str(trap.root))
            if ours and process.pid != os.getpid():
                process.send_signal(signal.SIGKILL)


def _clean(trap: Trap) -> None:
    """Remove the copy, and what an attack has left elsewhere under its mark."""
    shutil.rmtree(trap.root, ignore_errors=True)
    for path in elsewhere():
        if trap.mark in path.name:
            path.unlink(missing_ok=True)
