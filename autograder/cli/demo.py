"""`autograder demo`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer


def demo(
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions judged at a time.")] = None,
) -> None:
    """Build, hand in and grade a small class, in the folder `demo` of the checkout."""
    from autograder.cli.class_run import ClassRun, StoppedError, UsageError, run_class
    from autograder.nbgrader.demo import DemoError, make_class
    from autograder.nbgrader.release import GenerationError
    from autograder.nbgrader.sources import SourceError
    from autograder.places import NoCheckoutError
    from autograder.sandbox.choice import NoIsolationError, choose

    start = time.monotonic()
    try:
        typer.echo(
            "Building the assignments and handing in a small class; grading it takes about three minutes on two cores …"
        )
        course = make_class()
        isolation = "auto"
        try:
            choose(isolation)
        except NoIsolationError as error:
            # Not so for a real class, where `autograder grade` stops here.
            typer.echo(
                f"autograder demo: {error}\nThe demo's submissions are our own: it goes on without isolation."
            )
            isolation = "none"
        failed = run_class(ClassRun(course, jobs=jobs, isolation=isolation, json=course / "results.json"))
    except (DemoError, NoCheckoutError, UsageError) as error:
        typer.echo(f"autograder demo: {error}", err=True)
        raise typer.Exit(2) from None
    except (SourceError, GenerationError, StoppedError) as error:
        typer.echo(f"autograder demo: stopped: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(_next_steps(course, time.monotonic() - start))
    raise typer.Exit(1 if failed else 0)


def _next_steps(course: Path, seconds: float) -> str:
    here = os.path.relpath(course)
    return f"""
Done in {seconds:.0f} s. Where to look next:
  feedback for a student   {here}/feedback/edwin/04_mdn/04_mdn.html   (open it in a browser)
  results for programs     {here}/results.json
  nbgrader's formgrader    cd {here} && jupyter lab   (then the menu Nbgrader, Formgrader)
  one student in detail    autograder grade --course {here} --student edwin"""
