"""`autograder grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def grade(
    assignments: Annotated[list[str] | None, typer.Argument(help="All of them, if left out.")] = None,
    course: Annotated[Path, typer.Option(help="nbgrader course directory.")] = Path("."),
    student: Annotated[str | None, typer.Option(help="Grade this student alone.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Submissions judged at a time; as many as this machine bears by default."),
    ] = None,
    isolation: Annotated[
        str,
        typer.Option(
            metavar="bwrap|container|none",
            help="How student code is kept apart; by default the first that works. `none` gives it your own rights.",
        ),
    ] = "auto",
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of the hidden data; drawn anew if left out.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write results.json here.")] = None,
) -> None:
    """Grade submissions into nbgrader's gradebook, with feedback.

    Reads COURSE/submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb. Exit status: 0 all were graded, whatever the
    marks; 1 the grader failed for some, or had to stop; 2 wrong usage; 130
    stopped by Ctrl-C.
    """
    from autograder.cli.class_run import ClassRun, StoppedError, UsageError, run_class
    from autograder.sandbox.choice import ISOLATIONS

    if isolation not in ISOLATIONS:
        raise typer.BadParameter(
            f"`{isolation}`: there are {', '.join(ISOLATIONS)}", param_hint="--isolation"
        )
    names = [name.rstrip("/") for name in assignments or []]  # a folder's name, as shells complete it
    try:
        failed = run_class(ClassRun(course, names, student, jobs, isolation, seed, json))
    except UsageError as error:
        typer.echo(f"autograder grade: {error}", err=True)
        raise typer.Exit(2) from None
    except StoppedError as error:
        typer.echo(f"autograder grade: stopped: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(1 if failed else 0)
