"""`autograder build`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.exercises import ASSIGNMENTS, UnknownQuestion

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ASSIGNMENT]...", help=f"Of {', '.join(ASSIGNMENTS)}; all of them if left out."),
]
Solutions = Annotated[
    bool, typer.Option("--solutions/--no-solutions", help="Execute the solutions too (about a minute each).")
]
Check = Annotated[
    bool, typer.Option("--check", help="Write nothing; say whether the build would change anything.")
]


def build(assignments: Names = None, with_solutions: Solutions = True, check: Check = False) -> None:
    """Make the students' notebooks and the solutions from source/: all that is asked for, or nothing."""
    console = Console(highlight=False)
    with _explained(console):
        from autograder.places import checkout

        root = checkout()
        if check:
            _check(console, root, assignments or [])
        else:
            _build(console, root, assignments or [], with_solutions)


def _build(console: Console, root: Path, names: list[str], with_solutions: bool) -> None:
    from autograder.nbgrader import build as building

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("source", total=1.0)
        made = building.build(
            root,
            names,
            with_solutions=with_solutions,
            report=lambda step, done: progress.update(bar, description=step, completed=done),
        )
    building.write(made)
    for path, text in made.items():
        console.print(f"wrote {path.relative_to(root)}, {len(text.encode()) / 1000:,.0f} kB")


def _check(console: Console, root: Path, names: list[str]) -> None:
    from autograder.nbgrader.build import out_of_date

    found = out_of_date(root, names)
    for sentence in found:
        console.print(sentence, markup=False, soft_wrap=True)
    if found:
        console.print(f"Run `{' '.join(['autograder build', *names])}` and commit what it writes.")
        raise typer.Exit(1)
    console.print("release/ and solutions/ are what source/ makes.")


@contextmanager
def _explained(console: Console) -> Iterator[None]:
    """Errors that have something to teach end the program with their message alone."""
    try:
        from autograder.nbgrader.release import GenerationError
        from autograder.nbgrader.solutions import ExecutionError
        from autograder.nbgrader.sources import SourceError
        from autograder.places import NoCheckoutError
    except ModuleNotFoundError as error:
        install = "pip install 'clustermass[instructor]'"
        _stop(console, f"{error.name} is missing. Install what instructors need: {install}", 1)
    try:
        yield
    except (NoCheckoutError, UnknownQuestion) as error:
        _stop(console, str(error), 2)
    except (SourceError, GenerationError, ExecutionError) as error:
        _stop(console, f"nothing was written.\n{error}", 1)


def _stop(console: Console, message: str, status: int) -> None:
    console.print("autograder build:", style="bold red", end=" ")
    console.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(status)
