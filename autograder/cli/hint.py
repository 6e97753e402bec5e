"""`autograder hint`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.asking import Folder, Within, asked_question, stop, student_folder

if TYPE_CHECKING:
    from autograder.learning.outline import Outline, Task


Question = Annotated[
    str | None,
    typer.Argument(
        metavar="[QUESTION]",
        help="Such as MDN, or 04_mdn/loss_fn where a name is used twice; without it, the first that is open.",
    ),
]


def hint(question: Question = None, assignment: Within = None, folder: Folder = Path(".")) -> None:
    """Show a hint: one more at each call, from gentle to nearly telling."""
    from autograder.learning.hints import remembered_hint
    from autograder.report.hint import hint_text

    if question is None:
        place = student_folder("hint", folder)
        outline, task = _next_question(place, assignment)
    else:
        outline, task = asked_question("hint", question, assignment)
        place = student_folder("hint", folder)
    given, remembered = remembered_hint(place, outline, task)
    again = f"autograder hint {given.key}" + (
        "" if folder == Path(".") else f" --dir {shlex.quote(str(folder))}"
    )
    typer.echo(hint_text(given, again))
    if not remembered:
        typer.echo(f"(Nothing can be written in {place}, so the next call cannot know of this one.)")


def _next_question(place: Path, within: str | None) -> tuple[Outline, Task]:
    """The first question in the notebooks there that is not settled; where there is none, that ends the program."""
    from autograder.learning.standing import standings

    there = [found for found in standings(place) if within in (None, found.outline.assignment)]
    standing = next((found for found in there if not found.settled and found.state != "absent"), None)
    if standing is None:
        stop("hint", "nothing is left to do here. For a hint all the same, name a question.")
    return standing.outline, standing.task
