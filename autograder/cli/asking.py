"""What the students' commands share: finding the folder and the question, and stopping with one clear message."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from autograder.learning.outline import Outline, Task

QuestionName = Annotated[
    str, typer.Argument(metavar="QUESTION", help="Such as MDN, or 04_mdn/loss_fn where a name is used twice.")
]
Within = Annotated[
    str | None, typer.Option("--assignment", help="The assignment, where the question's name does not tell.")
]
Folder = Annotated[Path, typer.Option("--dir", help="Your folder with the notebooks.")]


def stop(command: str, message: str, status: int = 2) -> NoReturn:
    """End the program with a message on stderr."""
    from autograder.report.text import plain

    typer.echo(f"autograder {command}: {plain(message)}", err=True)
    raise typer.Exit(status)


def asked_question(command: str, question: str, within: str | None) -> tuple[Outline, Task]:
    """The question that was typed; an unknown one ends the program."""
    from autograder.exercises import UnknownQuestion
    from autograder.learning.names import resolve

    try:
        return resolve(question, within)
    except UnknownQuestion as unknown:
        stop(command, f"{unknown}.")


def student_folder(command: str, here: Path, naming: str = "--dir DIR") -> Path:
    """The student's folder at, above or in `here`; where there is none, that ends the program.

    `naming` is how this command is told another folder.
    """
    from autograder.learning.folder import course_folder

    if not here.is_dir():
        stop(command, f"there is no folder {here}.")
    folder = course_folder(here)
    if folder is None:
        where = "this folder" if here == Path(".") else str(here)
        stop(
            command,
            f"{where} is not one with the course's notebooks, or holds several. Go to yours, or name it: "
            f"autograder {command} … {naming}. `autograder start DIR` makes one.",
        )
    return folder
