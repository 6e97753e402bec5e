"""`autograder solution`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.asking import Folder, QuestionName, Within, asked_question, stop, student_folder

GiveUp = Annotated[bool, typer.Option("--give-up", help="Show it although the question does not pass.")]


def solution(
    question: QuestionName, assignment: Within = None, give_up: GiveUp = False, folder: Folder = Path(".")
) -> None:
    """Show the reference answer and the prose that leads to it, once your own answer passes."""
    from autograder.exercises import assignment as find_assignment
    from autograder.learning import solutions
    from autograder.report.solution import show_solution

    outline, task = asked_question("solution", question, assignment)
    section = find_assignment(outline.assignment)[task.name].section
    try:
        reference = solutions.solution(outline.assignment, task.name, section)
    except solutions.WithheldError as withheld:
        stop("solution", str(withheld), 1)
    if not give_up:
        _expect_passed(outline.assignment, task.name, student_folder("solution", folder))

    from rich.console import Console

    show_solution(Console(highlight=False), reference, f"{outline.assignment}/{task.name}", section)


def _expect_passed(assignment: str, question: str, folder: Path) -> None:
    """End the program unless the answer passes: as remembered, or else as checked now."""
    from rich.console import Console

    from autograder.learning.checking import check_notebook
    from autograder.learning.folder import notebooks
    from autograder.learning.standing import standings

    (standing,) = (
        found
        for found in standings(folder)
        if (found.outline.assignment, found.task.name) == (assignment, question)
    )
    if standing.settled:
        return
    reason = _REASONS.get(standing.state, "")
    if not reason and not standing.task.manual:
        with Console(stderr=True).status(f"checking {assignment}/{question} …"):
            verdict = check_notebook(notebooks(folder)[assignment], assignment, [question])
        if verdict.error:
            stop("solution", f"the autograder itself failed; please tell your instructor: {verdict.error}", 1)
        if verdict[question].status == "pass":
            return
        reason = f"does not pass yet: {verdict[question].message}"
    name = f"{assignment}/{question}"
    stop(
        "solution",
        f"{name} {reason}\nA hint: `autograder hint {name}`. The reference all the same: "
        f"`autograder solution {name} --give-up`.",
        1,
    )


_REASONS = {
    "absent": "cannot be checked: its notebook is not in your folder.",
    "unreadable": "cannot be checked: its notebook cannot be read. Save it again in JupyterLab.",
    "open": "is still open: try it first.",
}
