"""`autograder new`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.asking import stop

Name = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Number and name, such as 06_flows.")]
Title = Annotated[str, typer.Option(help="For people; the heading of the notebook.")]


def new(assignment: Name, title: Title = "") -> None:
    """Begin a new assignment: a source with one example question, its checks, and submissions to test them."""
    from autograder.authors.scaffold import ScaffoldError, registration, scaffold
    from autograder.places import NoCheckoutError, checkout

    try:
        root = checkout()
        files = scaffold(root, assignment, title or assignment[3:].replace("_", " ").capitalize())
    except (NoCheckoutError, ScaffoldError) as error:
        stop("new", f"{error}.")
    except OSError as error:
        stop("new", f"cannot write {error.filename}: {error.strerror}.", 1)
    for path in files:
        typer.echo(f"{path.as_posix()} is new")
    typer.echo(f"""
Next:
  1. add  {registration(assignment)}  to ASSIGNMENTS in autograder/exercises/__init__.py, in the order of the course
  2. autograder build {assignment}           makes the notebooks for students, and the worked solution
  3. autograder author-check {assignment}    says what is still to mend: nothing, as it is now
Then replace the example question by your own. How: docs/authors.md""")
