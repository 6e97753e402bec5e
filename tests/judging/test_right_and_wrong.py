"""Every right and wrong submission of `tests/submissions` gets the verdict that it expects."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from autograder.capture.capture import capture
from autograder.exercises import ASSIGNMENTS, assignment
from autograder.grading.cells import cells_to_run
from autograder.grading.reading import read_submission
from autograder.judge.judge import judge
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import Submission, read_all
from autograder.wire.artifact import Artifact

FOLDER = Path(__file__).parents[1] / "submissions"
SUBMISSIONS = [
    submission
    for name, kind in itertools.product(ASSIGNMENTS, ("right", "wrong"))
    for submission in read_all(FOLDER, name, kind)
]


def run_cells(submission: Submission, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Run the cells that grading runs, without the catalogue, which no answer may read."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    write(submission, folder / "handed_in.ipynb")
    submitted = read_submission(folder / "handed_in.ipynb")
    sources = [source for _, source, _ in cells_to_run(submitted, assignment(submission.assignment))]
    for number, source in enumerate(sources):
        if "load_catalog()" not in source:
            exec(compile(source, f"<cell {number}>", "exec"), namespace)
    return namespace, sources


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda s: f"{s.assignment}-{s.name}")
def test_submission_gets_its_verdict(submission, tmp_path):
    """Statuses, points and the words of the messages are as the submission's header says."""
    spec = assignment(submission.assignment)
    namespace, sources = run_cells(submission, tmp_path)
    artifact = capture(namespace, spec, sources=sources)
    verdict = judge(Artifact.from_bytes(artifact.to_bytes()), seed=23, sources=sources)
    assert verdict.error == ""
    for question in spec.automatic:
        expected, seen = submission.expected(question.name), verdict[question.name]
        text = " ".join([seen.message, *(check.message for check in seen.checks)])
        assert (seen.status, seen.points) == (expected.status, expected.points), (submission.story, text)
        missing = [word for word in expected.says if word.lower() not in text.lower()]
        assert not missing, text
