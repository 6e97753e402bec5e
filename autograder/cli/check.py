"""`autograder check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def check(
    where: Annotated[
        Path, typer.Argument(metavar="NOTEBOOK|DIR", help="A notebook, or a folder with notebooks.")
    ],
) -> None:
    """Check your own notebook, as its check cells do it, from a terminal.

    The cells are run in a process of their own, without the training and the plots. Nothing is written.
    """
    from rich.console import Console

    from autograder.exercises import ASSIGNMENTS
    from autograder.grading import grade_notebook
    from autograder.notebook import VISIBLE_SEED
    from autograder.report.results import Run
    from autograder.report.terminal import student_report

    console = Console(highlight=False)
    notebooks = _notebooks(where, list(ASSIGNMENTS))
    if not notebooks:
        names = ", ".join(f"{name}.ipynb" for name in ASSIGNMENTS)
        typer.echo(
            f"autograder check: no notebook of the course at {where}. They are called {names}; "
            "`autograder start DIR` gives you them.",
            err=True,
        )
        raise typer.Exit(2)
    failed = False
    for name, path in notebooks.items():
        with console.status(f"checking {path.name} …"):
            graded = grade_notebook(path, name, seed=VISIBLE_SEED)
        console.print(student_report(Run("you", name, graded.verdict, graded.seconds, graded.verdict.error)))
        failed |= bool(graded.verdict.error)
    raise typer.Exit(1 if failed else 0)


def _notebooks(where: Path, names: list[str]) -> dict[str, Path]:
    """The course's notebooks at `where`, in the order of the course; copies in hidden folders do not count."""
    paths = (
        [where] if where.is_file() else [p for p in sorted(where.rglob("*.ipynb")) if not _hidden(p, where)]
    )
    found = {path.stem: path for path in reversed(paths)}
    return {name: found[name] for name in names if name in found}


def _hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)
