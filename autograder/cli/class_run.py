"""Grading a class from a terminal: progress while it runs, tables at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from autograder.exercises import UnknownQuestion
from autograder.grading.limits import bearable_jobs
from autograder.nbgrader import seeds, unfinished
from autograder.nbgrader.carried import NotCarriedError
from autograder.nbgrader.course import Course, CourseError, HandedIn, open_course
from autograder.nbgrader.grade import Settings, Watch, grade, versions
from autograder.nbgrader.lock import LockedError, alone
from autograder.report.results import Run, results, write_results
from autograder.report.terminal import class_tables, student_report
from autograder.report.text import plain
from autograder.sandbox.choice import NoIsolationError, choose
from autograder.sandbox.local import GIVES_UP

_AFTER_A_STOP = (
    "What was handed in, and marks by hand, are as they were; what this run did not come to has no grade or that of an "
    "earlier run. Make it possible to write, and grade again."
)
_LEFT = "An earlier run left these without a new grade; grade them too"
_STOPPED = "Stopped. Marks by hand, and what is graded, stay; without a new grade are"


class UsageError(ValueError):
    """What was asked for cannot be done; the message says what can."""


class StoppedError(RuntimeError):
    """The grader had to stop: no isolation, no space left, a read-only folder, a gradebook that does not open."""


@dataclass(frozen=True)
class ClassRun:
    """What `autograder grade` was asked for."""

    course: Path
    assignments: Sequence[str] = ()
    student: str | None = None
    jobs: int | None = None
    isolation: str = "auto"
    seed: int | None = None
    json: Path | None = None


def run_class(asked: ClassRun, console: Console | None = None) -> bool:
    """Grade, print the tables, write results.json; returns whether the grader failed for some submission.

    Raises:
        UsageError: for a course, assignment, student or file that there is not.
        StoppedError: if student code cannot be isolated as asked for, or files or gradebook not be written.
    """
    console = console or Console()
    if asked.json and not asked.json.absolute().parent.is_dir():
        raise UsageError(f"`--json {asked.json}`: there is no folder `{asked.json.parent}`")
    if asked.json and not os.access(asked.json.absolute().parent, os.W_OK):
        raise UsageError(f"`--json {asked.json}`: nothing can be written in `{asked.json.parent}`")
    try:
        course = open_course(asked.course)
        handed_in = course.handed_in(asked.assignments, asked.student)
        with alone(course):
            runs = _grade(course, handed_in, asked, console) if handed_in else []
            left = unfinished.left(course)
        astray = [] if asked.assignments else course.astray(asked.student)
        if asked.json:
            write_results(asked.json, results(runs, versions(runs)))
    except (CourseError, UnknownQuestion, NotCarriedError) as error:
        raise UsageError(str(error)) from error
    except (NoIsolationError, LockedError) as error:
        raise StoppedError(str(error)) from error
    except (OSError, SQLAlchemyError) as error:
        raise StoppedError(f"{str(error).splitlines()[0]}. {_AFTER_A_STOP}") from error
    _show(runs, asked, console)
    unreadable = (f"{run.student} {run.assignment}, {run.unreadable}" for run in runs if run.unreadable)
    _say("Nothing to grade", unreadable, console)
    _say("No assignment is called so, and nothing there is graded", astray, console)
    _say(_LEFT, map(str, left), console)
    return any(run.error for run in runs)


def _grade(course: Course, handed_in: list[HandedIn], asked: ClassRun, console: Console) -> list[Run]:
    assignments = sorted({item.assignment for item in handed_in})
    students = sorted({item.student for item in handed_in})
    isolation = choose(asked.isolation, hidden=[course.root])
    if asked.isolation == "none":
        console.print(f"Without isolation: {GIVES_UP}.", style="yellow", soft_wrap=True)
    seed = seeds.draw(course, assignments, students, asked.seed)
    settings = Settings(seed, asked.jobs or bearable_jobs(), isolation)
    try:
        with _progress(len(handed_in), console) as watch:
            return grade(course, handed_in, settings, watch)
    except KeyboardInterrupt:
        _say(_STOPPED, [str(item) for item in unfinished.left(course)] or ["none"], console)
        raise


@contextmanager
def _progress(total: int, console: Console) -> Iterator[Watch]:
    columns = (
        TextColumn("{task.description:8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", style="dim"),
    )
    with Progress(*columns, console=console) as progress:
        bars = {
            step: progress.add_task(step, total=total, name="", start=step == "judging")
            for step in ("judging", "writing")
        }

        def watch(step: str, item: HandedIn) -> None:
            progress.start_task(bars[step])
            progress.update(bars[step], advance=1, name=plain(str(item)))

        yield watch


def _show(runs: list[Run], asked: ClassRun, console: Console) -> None:
    if not runs:
        who, what = asked.student or "Nobody", ", ".join(asked.assignments) or "anything to grade"
        verb = "has not handed in" if asked.student else "has handed in"
        console.print(
            f"{who} {verb} {what}: there is no submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb.", markup=False
        )
        return
    if asked.student:
        for run in runs:
            console.print(student_report(run))
    console.print(class_tables(runs))
    for run in runs:
        if run.error:
            console.print(f"{run.student} {run.assignment}: {run.error}", style="red", markup=False)


def _say(what: str, items: Iterable[str], console: Console) -> None:
    if words := "; ".join(map(plain, items)):
        console.print(f"{what}: {words}.", style="yellow", markup=False)
