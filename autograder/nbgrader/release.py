"""Sources to the notebooks that students get, by nbgrader's own generation."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import preprocessors
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader.clear import ClearSolutions
from autograder.nbgrader.sources import METADATA, Source

# Those of nbgrader.converters.GenerateAssignment with our stubs; without SaveCells, which fills a gradebook,
# and InstantiateTests, which serves a language of its own for tests.
PREPROCESSORS = [
    preprocessors.IncludeHeaderFooter,
    preprocessors.LockCells,
    ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ComputeChecksums,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
    preprocessors.CheckCellMetadata,
]


class GenerationError(RuntimeError):
    """nbgrader could not generate an assignment; the message ends with its own log."""


def generate(source: Source, course: Path) -> Any:
    """The release notebook of a source, by `nbgrader generate_assignment --no-db` in the folder `course`.

    `course` must be a temporary folder that holds nothing else: nbgrader copies every file that lies beside a
    notebook, so a source next to it would be handed to students.

    Raises:
        GenerationError: with nbgrader's log.
    """
    name = source.assignment
    notebook = course / "source" / name / f"{name}.ipynb"
    notebook.parent.mkdir(parents=True)
    nbformat.write(source.notebook, notebook)
    result = _nbgrader(course).generate_assignment(name)
    if not result["success"]:
        raise GenerationError(
            f"nbgrader could not generate {name}:\n{result.get('log') or result.get('error')}"
        )
    return _tidy(nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4))


def _nbgrader(course: Path) -> NbGraderAPI:
    config = Config()
    config.CourseDirectory.root = str(course)
    config.GenerateAssignment.no_database = True
    config.GenerateAssignment.preprocessors = PREPROCESSORS
    logging.getLogger("traitlets").setLevel(
        logging.ERROR
    )  # the log is in the result, and shown if it matters
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def _tidy(notebook: Any) -> Any:
    """Metadata as in the source: nbconvert adds some that differ from machine to machine."""
    notebook.metadata = METADATA
    return notebook
