"""`autograder hint`."""

from __future__ import annotations

import shlex
from pathlib import Path

import typer

from autograder.cli.asking import Folder, QuestionName, Within, asked_question, student_folder


def hint(question: QuestionName, assignment: Within = None, folder: Folder = Path(".")) -> None:
    """Show a hint: one more at each call, from gentle to nearly telling."""
    from autograder.learning.hints import remembered_hint
    from autograder.report.hint import hint_text

    outline, task = asked_question("hint", question, assignment)
    place = student_folder("hint", folder)
    given, remembered = remembered_hint(place, outline, task)
    again = f"autograder hint {given.key}" + (
        "" if folder == Path(".") else f" --dir {shlex.quote(str(folder))}"
    )
    typer.echo(hint_text(given, again))
    if not remembered:
        typer.echo(f"(Nothing can be written in {place}, so the next call cannot know of this one.)")
