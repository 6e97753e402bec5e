"""`autograder status`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.asking import student_folder

Where = Annotated[Path, typer.Argument(metavar="[DIR]", help="Your folder with the notebooks.")]
Recheck = Annotated[bool, typer.Option("--check", help="Check all answers again first.")]


def status(where: Where = Path("."), check: Recheck = False) -> None:
    """Show your progress through the course, and what is next. Reads notebooks as saved; runs nothing."""
    from rich.console import Console

    from autograder.learning.standing import standings
    from autograder.report.progress import progress_tables

    console = Console(highlight=False)
    folder = student_folder("status", where, "DIR")
    failed = _check_all(console, folder) if check else False
    console.print(progress_tables(list(standings(folder)), where), soft_wrap=True)
    raise typer.Exit(1 if failed else 0)


def _check_all(console: object, folder: Path) -> bool:
    """Check every notebook that has an answer; returns whether the grader itself failed."""
    from rich.console import Console

    from autograder.learning.checking import check_notebook
    from autograder.learning.folder import make, notebooks
    from autograder.learning.standing import standings

    assert isinstance(console, Console)
    make(folder)
    begun = {
        found.outline.assignment for found in standings(folder) if found.state not in ("open", "written")
    }
    failed = False
    for name, path in notebooks(folder).items():
        if name not in begun:
            continue
        with console.status(f"checking {path.name} …"):
            verdict = check_notebook(path, name)
        if verdict.error:
            failed = True
            console.print(
                f"{path.name}: the autograder itself failed: {verdict.error}", style="red", markup=False
            )
    return failed
