"""Rules that need the judge: each stub that is left is missing, by its own task; the reference passes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.authors.finding import Finding, line_of
from autograder.authors.submissions import FOLDER, REFERENCE
from autograder.exercises.spec import Assignment
from autograder.grading.grade import grade_notebook
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import read
from autograder.wire.verdict import Verdict

SEED = 20_261_122


def check_stubs(root: Path, assignment: Assignment) -> Iterator[Finding]:
    """Grade the release as it is given out."""
    release = root / "release" / assignment.name / f"{assignment.name}.ipynb"
    verdict = grade_notebook(release, assignment.name, seed=SEED).verdict
    yield from stub_findings(root, assignment, verdict)


def check_reference(root: Path, assignment: Assignment) -> Iterator[Finding]:
    """Grade the reference answers."""
    submission = read(root / FOLDER / assignment.name / REFERENCE)
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        notebook = Path(folder, f"{assignment.name}.ipynb")
        write(submission, notebook)
        verdict = grade_notebook(notebook, assignment.name, seed=SEED).verdict
    yield from reference_findings(root, assignment, verdict)


def stub_findings(root: Path, assignment: Assignment, verdict: Verdict) -> Iterator[Finding]:
    """What a verdict on stubs should have said."""
    yield from _failure(assignment, verdict)
    for result in verdict.questions:
        question = assignment[result.name]
        if question.manual:
            continue
        place = _place(root, assignment, question.name)
        if result.status != "missing":
            yield Finding(
                *place,
                f"the stub of `{question.name}` is `{result.status}` where it must be `missing`: {result.message}",
                "the stub must be raised wherever the answer is called; see `calls` in the manifest",
            )
        elif question.stub_message not in result.message:
            yield Finding(
                *place,
                f"the stub of `{question.name}` is missing without its own task: {result.message}",
                "`calls` must reach it before another question's stub raises",
            )


def reference_findings(root: Path, assignment: Assignment, verdict: Verdict) -> Iterator[Finding]:
    """What a verdict on the reference should have said."""
    yield from _failure(assignment, verdict)
    for result in verdict.questions:
        if result.status not in ("pass", "manual"):
            failed = [check.title or check.name for check in result.checks if check.status != "pass"]
            what = f" ({', '.join(failed)})" if failed else ""
            yield Finding(
                *_place(root, assignment, result.name),
                f"the reference answer to `{result.name}` gets {result.points:g} of {result.max_points:g} points: "
                f"{result.message or result.status}{what}",
                "mend the reference, or the check that it fails or skips",
            )


def _failure(assignment: Assignment, verdict: Verdict) -> Iterator[Finding]:
    if verdict.error:
        checks = f"autograder/exercises/{assignment.checks.name}"
        yield Finding(checks, 0, f"the grader itself failed: {verdict.error}", "mend the check that is named")


def _place(root: Path, assignment: Assignment, question: str) -> tuple[str, int]:
    file = f"source/{assignment.name}/{assignment.name}.py"
    return file, line_of(root / file, rf'"grade_id": "{question}"')
