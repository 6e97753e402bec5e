"""Rules of `tests/submissions`: a reference that passes, and a wrong answer to every question."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.authors.finding import Finding
from autograder.exercises.spec import Assignment
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import Submission, SubmissionFileError, read

FOLDER = Path("tests", "submissions")
REFERENCE = Path("right", "reference.py")


def check(root: Path, assignment: Assignment) -> Iterator[Finding]:
    """What is missing or cannot be read among the submissions of an assignment."""
    folder = FOLDER / assignment.name
    if not (root / folder / REFERENCE).is_file():
        yield Finding(
            (folder / REFERENCE).as_posix(),
            0,
            "there is no reference",
            "`# The reference solution itself.` is all of it",
        )
    wrong: list[Submission] = []
    for path in sorted((root / folder).glob("*/*.py")):
        try:
            submission = read(path)
            _hand_in(submission)
        except SubmissionFileError as error:
            yield Finding(
                path.relative_to(root).as_posix(), 0, str(error), "the format: tests/submissions/README.md"
            )
            continue
        wrong += [submission] if path.parent.name == "wrong" else []
    for question in assignment.automatic:
        if not any(submission.expected(question.name).status == "fail" for submission in wrong):
            yield Finding(
                f"{folder.as_posix()}/wrong",
                0,
                f"no wrong answer to `{question.name}` is shown to fail",
                "write one mistake that students make, with the verdict that it must get",
            )


def _hand_in(submission: Submission) -> None:
    """Make its notebook, and forget it: an edit of a cell that there is not is found out."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        write(submission, Path(folder, "handed_in.ipynb"))
