"""One verdict into nbgrader: gradebook, `autograded/` and `feedback/`, through nbgrader's own converters."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.utils import parse_utc

from autograder.grading.grade import Graded
from autograder.grading.reading import UnreadableError, read_bytes, read_submission
from autograder.nbgrader import config, gradebook
from autograder.nbgrader.course import Course, HandedIn
from autograder.nbgrader.marking import GraderError
from autograder.nbgrader.preprocess import PreparedJudge
from autograder.nbgrader.restore import restore, with_note
from autograder.nbgrader.running import run_quietly
from autograder.nbgrader.staging import staged


def enter(course: Course, item: HandedIn, graded: Graded) -> None:
    """Enter a verdict into the gradebook and write the marked notebook and its feedback.

    nbgrader works in a folder of ours; its files are moved to their places when they are whole.

    Raises:
        GraderError: if nbgrader could not; then no automatic grade is left, of an earlier run neither.
    """
    withdraw(course, item)
    with staged(course) as folder:
        _stage(course, item, folder / "submitted")
        _autograde(course, item, graded, folder)
        _feedback(course, item, folder)
        for step in ("autograded", "feedback"):
            place = course.root / step / item.student
            place.mkdir(parents=True, exist_ok=True)
            shutil.move(folder / step / item.student / item.assignment, place / item.assignment)


def withdraw(course: Course, item: HandedIn) -> None:
    """Take back what an earlier run left: automatic grades, marked notebook and feedback."""
    gradebook.forget(course.database, item.assignment, item.student)
    for step in ("autograded", "feedback"):
        folder = course.root / step / item.student / item.assignment
        if folder.is_symlink():
            raise GraderError(f"{step}/{item.student}/{item.assignment} is a symbolic link; remove it")
        if folder.exists():
            shutil.rmtree(folder)


def _stage(course: Course, item: HandedIn, folder: Path) -> None:
    """Write the submission as nbgrader can process it; what the student handed in is never touched.

    Only the notebook and the time of submission go in: nbgrader would copy every other file, links included.
    """
    release = nbformat.read(course.release(item.assignment), as_version=4)
    place = folder / item.student / item.assignment
    place.mkdir(parents=True)
    try:
        notebook = restore(read_submission(item.notebook, course.submitted), release)
    except UnreadableError as error:
        notebook = with_note(release, str(error))
    nbformat.write(notebook, place / item.notebook.name)
    timestamp = _timestamp(item.folder / "timestamp.txt", course.submitted)
    if timestamp:
        (place / "timestamp.txt").write_text(timestamp, encoding="utf-8")


def _timestamp(path: Path, within: Path) -> str:
    """When it was handed in, as nbgrader's exchange notes it; nothing where that is no plain, valid file."""
    try:
        text = read_bytes(path, 100, within).decode("utf-8").strip()
        return text if parse_utc(text) else ""
    except (ValueError, OverflowError):
        return ""


def _autograde(course: Course, item: HandedIn, graded: Graded, folder: Path) -> None:
    converter = _Autograde(coursedir=_directory(course, item, folder), config=course.config)
    converter.sanitize_preprocessors = config.SANITIZE[1:]  # the staged notebook is restored already
    converter.autograde_preprocessors = [PreparedJudge(graded), *config.AUTOGRADE[1:]]
    _run(converter, course, item)


def _feedback(course: Course, item: HandedIn, folder: Path) -> None:
    _run(_GenerateFeedback(coursedir=_directory(course, item, folder), config=course.config), course, item)


def _run(converter: Any, course: Course, item: HandedIn) -> None:
    converter.force = True
    log = run_quietly(converter)
    if log is not None:
        withdraw(course, item)
        raise GraderError(f"nbgrader could not take in the result of {item}:\n{log}")


def _directory(course: Course, item: HandedIn, folder: Path) -> Any:
    """nbgrader's view of the course, with all that it reads and writes of one submission in `folder`."""
    directory = course.directory(assignment_id=item.assignment, student_id=item.student)
    # Relative to the course's root, where nbgrader looks and which it escapes for its regular expressions.
    place = folder.relative_to(course.root)
    directory.submitted_directory = str(place / "submitted")
    directory.autograded_directory = str(place / "autograded")
    directory.feedback_directory = str(place / "feedback")
    return directory


class _OneNotebook(BaseConverter):
    """A converter of exactly one notebook; nbgrader would take paths with brackets or stars as patterns."""

    def init_notebooks(self) -> None:
        name = self.coursedir.assignment_id
        folder = self._format_source(name, self.coursedir.student_id)
        self.assignments = {folder: [str(Path(folder, f"{name}.ipynb"))]}


class _Autograde(_OneNotebook, Autograde):
    """nbgrader's autograding of one submission."""


class _GenerateFeedback(_OneNotebook, GenerateFeedback):
    """nbgrader's feedback for one submission."""
