"""Our steps inside nbgrader's autograding: restore the notebook, then let the judge speak, not a kernel."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum

from autograder import exercises
from autograder.grading.grade import Graded, grade_notebook
from autograder.grading.reading import SubmittedCell
from autograder.nbgrader import gradebook, seeds
from autograder.nbgrader.course import Course, open_course
from autograder.nbgrader.lock import beside_others
from autograder.nbgrader.marking import GraderError, check_verdict, write_outputs
from autograder.nbgrader.restore import restore
from autograder.sandbox.choice import ISOLATIONS, choose


class Restore(NbGraderPreprocessor):
    """The first step of sanitising: the release notebook with the student's answers and own cells."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore one notebook."""
        submitted = [
            SubmittedCell(index, cell.cell_type, cell.source, _claimed_id(cell))
            for index, cell in enumerate(nb.cells)
        ]
        release = nbformat.read(_course().release(resources["nbgrader"]["assignment"]), as_version=4)
        return restore(submitted, release), resources


class Judge(NbGraderPreprocessor):
    """The step in the place of nbgrader's `Execute`: outputs come from a verdict, not from a kernel.

    Under nbgrader's own `autograde` it judges the notebook itself. A grader that fails must leave neither
    points nor a 0 nor the grade of an earlier run: the gradebook forgets first, an exception tells nbgrader.
    """

    isolation = Enum(
        ISOLATIONS, "auto", help="How student code is kept apart, as `autograder grade --isolation`."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Write the verdict's outputs into one notebook."""
        student, name = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        gradebook.forget(resources["nbgrader"]["db_url"], name, student)
        graded = self.graded(nb, name, student)
        check_verdict(graded.verdict, exercises.assignment(name))
        write_outputs(nb, graded.verdict, graded.outputs)
        return nb, resources

    def graded(self, nb: NotebookNode, assignment: str, student: str) -> Graded:
        """Judge the restored notebook; its cells are then the ones that the outputs are counted by."""
        for index, cell in enumerate(nb.cells):
            cell.metadata["autograder"] = {"index": index}
        course = _course()
        isolation = choose(self.isolation, hidden=[course.root])
        with beside_others(course), tempfile.TemporaryDirectory(prefix="autograder-") as folder:
            seed = seeds.draw(course, [assignment], [student])
            path = Path(folder, f"{assignment}.ipynb")
            nbformat.write(nb, path)
            return grade_notebook(path, assignment, seed=seed, isolation=isolation)


class PreparedJudge(Judge):
    """A `Judge` that was told the verdict: the coordinator judges several submissions at a time."""

    def __init__(self, prepared: Graded, **kwargs: Any):
        super().__init__(**kwargs)
        self._prepared = prepared

    def graded(self, nb: NotebookNode, assignment: str, student: str) -> Graded:
        """The verdict as it was given."""
        if self._prepared.verdict.assignment != assignment:
            raise GraderError(
                f"a verdict on {self._prepared.verdict.assignment} for a notebook of {assignment}"
            )
        return self._prepared


def forget_first(assignment: str, student: str, notebooks: Sequence[str]) -> None:
    """Forget the grades of the submission that nbgrader is about to read: its `pre_convert_hook`."""
    for notebook in notebooks:  # `student` is a pattern where several are graded; the path tells who it is
        folder = Path(notebook).parent
        gradebook.forget(_course().database, folder.name, folder.parent.name)


def _course() -> Course:
    # nbgrader's converters work from the root of the course (nbgrader.converters.BaseConverter.start).
    return open_course(Path.cwd())


def _claimed_id(cell: NotebookNode) -> str:
    options = cell.metadata.get("nbgrader", {})
    name = options.get("grade_id") if isinstance(options, dict) else None
    return name if isinstance(name, str) else ""
