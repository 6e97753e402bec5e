"""Make an assignment known to the gradebook, by nbgrader's own generation, from its release notebook."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment

from autograder.nbgrader import config, gradebook
from autograder.nbgrader.course import Course, CourseError
from autograder.nbgrader.running import run_quietly
from autograder.nbgrader.staging import staged


def register(course: Course, assignment: str) -> None:
    """Make the gradebook know `assignment` as its release notebook has it.

    Raises:
        CourseError: if the course generates the assignment itself and has not yet, or if its cells changed
            after submissions were graded.
    """
    known = gradebook.checksums(course.database, assignment)
    if course.has_source(assignment):
        if not known:
            raise CourseError(
                f"the course has its own source of {assignment}, which the gradebook does not know; "
                f"run `nbgrader generate_assignment {assignment}` first"
            )
        return
    release = course.release(assignment)
    if known != _checksums(release):
        _generate(course, assignment, release)


def _generate(course: Course, assignment: str, release: Path) -> None:
    with staged(course) as folder:
        source = folder / "source" / assignment
        source.mkdir(parents=True)
        shutil.copyfile(release, source / release.name)
        directory = course.directory(assignment_id=assignment)
        database = course.database
        directory.root, directory.db_url = str(folder), database
        directory.source_directory = "source"
        generation = GenerateAssignment(coursedir=directory, config=course.config)
        generation.preprocessors = config.REGISTER
        log = run_quietly(generation)
    if log is not None:
        raise CourseError(
            f"nbgrader cannot take in {assignment} (were cells added or removed after grading began?):\n{log}"
        )


def _checksums(release: Path) -> dict[str, str]:
    cells = nbformat.read(release, as_version=4).cells
    options = [cell.metadata["nbgrader"] for cell in cells if "nbgrader" in cell.metadata]
    return {option["grade_id"]: option.get("checksum") for option in options}
