"""A judge that is quick because it only reads: for tests of everything around the judge."""

import json

from autograder import exercises
from autograder.grading.grade import Graded, grade_notebook
from autograder.grading.reading import UnreadableError, read_submission
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict

SHOUT = {"output_type": "stream", "name": "stderr", "text": "\x1b[31ma warning\n"}


def quick_judge(path, assignment, *, seed, limits=None, isolation=None, within=None):
    """In the place of `grade_notebook`: a stub is missing, `jnp.sum` is wrong, other answers are right.

    `GRADER_FAILS` anywhere makes the grader fail. Answers print to stderr, as imports of JAX may do.
    """
    try:
        read_submission(path, within)
    except UnreadableError:
        return grade_notebook(path, assignment, seed=seed, within=within)  # which has nothing to run
    cells = json.loads(path.read_text())["cells"]
    sources = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in cells
    }
    if any("GRADER_FAILS" in source for source in sources.values()):
        return Graded(Verdict(assignment, (), error="the judge died"), {}, 0.1)
    questions = tuple(_judge(question, sources) for question in exercises.assignment(assignment).questions)
    ran = {index: [SHOUT] for index, cell in enumerate(cells) if cell["cell_type"] == "code"}
    return Graded(Verdict(assignment, questions, versions={"jax": "0"}), ran, 0.1)


def _judge(question, sources):
    points, source = float(question.points), sources.get(question.name, "NotImplementedError")
    if question.manual:
        return QuestionResult(question.name, "manual", 0.0, points)
    if "NotImplementedError" in source:
        return QuestionResult(question.name, "missing", 0.0, points, "still a stub")
    status = "fail" if "jnp.sum(" in source else "pass"
    check = CheckResult("values", "correct", status, f"`{question.name}` sums" if status == "fail" else "")
    return QuestionResult(question.name, status, points * (status == "pass"), points, checks=(check,))
