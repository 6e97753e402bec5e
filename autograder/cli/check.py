"""`autograder check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.asking import stop

Where = Annotated[
    Path,
    typer.Argument(metavar="[NOTEBOOK|DIR]", help="A notebook, or a folder with notebooks; default: here."),
]


def check(where: Where = Path(".")) -> None:
    """Check your own notebooks, as saved, the way their check cells do it.

    The cells are run in a process of their own, without the training and the plots. No notebook is changed.
    """
    from rich.console import Console

    from autograder.learning.checking import check_notebook
    from autograder.report.results import Run
    from autograder.report.terminal import help_lines, student_report

    console = Console(highlight=False)
    failed = False
    for name, path in _notebooks(where).items():
        with console.status(f"checking {path.name} …"):
            verdict = check_notebook(path, name)
        console.print(student_report(Run("you", name, verdict, 0.0, verdict.error)))
        console.print(*help_lines(verdict), sep="\n", end="\n\n", soft_wrap=True)
        failed |= bool(verdict.error)
    raise typer.Exit(1 if failed else 0)


def _notebooks(where: Path) -> dict[str, Path]:
    """The course's notebooks at `where`; where there is none, that ends the program."""
    from autograder.exercises import ASSIGNMENTS
    from autograder.learning.folder import assignment_of, notebooks

    if not where.exists() and (notebook := where.with_suffix(".ipynb")).is_file():
        where = notebook  # `01_jax` is meant for `01_jax.ipynb`
    if not where.exists():
        stop("check", f"there is no {where}.")
    if where.is_dir():
        found = notebooks(where)
    else:
        name = assignment_of(where)
        found = {name: where} if name else {}
    if not found:
        names = ", ".join(f"{name}.ipynb" for name in ASSIGNMENTS)
        here = "this folder" if where == Path(".") else str(where)
        stop(
            "check",
            f"no notebook of the course at {here}. They are called {names}; `autograder start DIR` gives "
            "you them.",
        )
    return found
