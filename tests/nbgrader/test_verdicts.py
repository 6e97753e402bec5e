"""Every submission in tests/submissions gets the verdict that its header says, from the real grader, in processes.

Attacks are for the sandbox alone: see `test_hostile.py`.
"""

from pathlib import Path

import pytest

from autograder.exercises import ASSIGNMENTS, assignment
from autograder.grading.grade import Limits, grade_notebook
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import read_all

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
ALL = [
    pytest.param(s, id=f"{s.assignment}/{s.name}")
    for name in ASSIGNMENTS
    for s in read_all(SUBMISSIONS, name)
    if not s.name.startswith("hostile/")
]
# Endless cells are told from slow ones sooner than in a class; the machine may be busy with other tests.
LIMITS = Limits(cell_seconds=30.0)


@pytest.mark.slow
@pytest.mark.parametrize("submission", ALL)
def test_verdict_is_as_expected(submission, isolation, tmp_path):
    """Status, points and what the message names, of every question: no honest submission notices the sandbox."""
    path = tmp_path / f"{submission.assignment}.ipynb"
    write(submission, path)
    verdict = grade_notebook(
        path, submission.assignment, seed=20261122, limits=LIMITS, isolation=isolation
    ).verdict
    assert verdict.error == ""
    for question in assignment(submission.assignment).questions:
        expected, result = submission.expected(question.name), verdict[question.name]
        said = " ".join([result.message, *(check.message for check in result.checks)])
        seen = (question.name, result.status, round(result.points, 6))
        assert seen == (question.name, expected.status, expected.points), f"{submission.story} {said}"
        assert not [word for word in expected.says if word.lower() not in said.lower()], said
