"""`autograder …`: one file per command. Commands import what they need when they run, so that `--help` is quick."""

from __future__ import annotations

import os
import sys

import typer

from autograder.cli import (
    author_check,
    build,
    check,
    demo,
    doctor,
    grade,
    hint,
    new,
    solution,
    start,
    status,
    watch,
)
from clustermass._version import __version__

app = typer.Typer(
    help="Weigh galaxy clusters with JAX: build, check and grade the exercises.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
TRACEBACK = "AUTOGRADER_TRACEBACK"
STUDENTS, INSTRUCTORS, AUTHORS = "For students", "For instructors", "For authors"
for panel, commands in {
    STUDENTS: (
        start.start,
        check.check,
        status.status,
        hint.hint,
        watch.watch,
        solution.solution,
        doctor.doctor,
    ),
    INSTRUCTORS: (grade.grade, demo.demo),
    AUTHORS: (build.build, new.new, author_check.author_check),
}.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"clustermass {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Options of the program itself."""


def main() -> None:
    """Run the command line; the console script of the package. A failure of ours is one line, and exit status 1."""
    try:
        app()
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        typer.echo(
            f"The autograder itself failed, through no fault of yours: {type(error).__name__}: {error}\n"
            f"Please tell your instructor. With {TRACEBACK}=1 before the command it says where.",
            err=True,
        )
        sys.exit(1)
