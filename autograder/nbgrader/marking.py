"""Write a verdict into a restored notebook, as the outputs from which nbgrader reads its grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.exercises import Assignment, Question
from autograder.exercises import assignment as find_assignment
from autograder.nbgrader.restore import MARK
from autograder.report.html import question_table
from autograder.report.text import plain
from autograder.wire.verdict import QuestionResult, Verdict

NOT_RUN = "Not run when grading.\n"
MAX_TEXT = 20_000

# nbformat's outputs of the cells that ran, by the index of the cell in what was handed in.
Outputs = Mapping[int, Sequence[Mapping[str, Any]]]


class GraderError(RuntimeError):
    """The grader could not do its work: there must be no points then, nor a 0."""


def check_verdict(verdict: Verdict, assignment: Assignment) -> None:
    """Make sure that a verdict is whole: every question of the assignment, with its points.

    Raises:
        GraderError: if the grader failed, or if its verdict does not fit the assignment.
    """
    if verdict.error:
        raise GraderError(plain(verdict.error))
    seen = [(question.name, question.max_points) for question in verdict.questions]
    expected = [(question.name, float(question.points)) for question in assignment.questions]
    if sorted(seen) != sorted(expected):
        raise GraderError(f"the verdict is about {seen}, but {assignment.name} has {expected}")


def write_outputs(notebook: NotebookNode, verdict: Verdict, outputs: Outputs) -> None:
    """Replace all outputs: points and table in the check cells, what was printed in the others.

    Raises:
        GraderError: if a graded cell has no question, or not the question's points.
    """
    questions = {f"check-{question.name}": question for question in verdict.questions}
    specs = {question.name: question for question in find_assignment(verdict.assignment).questions}
    for cell in notebook.cells:
        index = cell.metadata.pop(MARK, {}).get("index", -1)
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        options = cell.metadata.get("nbgrader", {})
        if options.get("grade"):
            question = _question(questions, options)
            cell.outputs = [_points(question, specs.get(question.name))]
        elif options.get("locked") and index not in outputs:
            cell.outputs = [new_output("stream", name="stdout", text=NOT_RUN)]
        else:
            cell.outputs = list(_tame(outputs.get(index, ())))


def _question(questions: Mapping[str, QuestionResult], options: Mapping[str, Any]) -> QuestionResult:
    name = options.get("grade_id", "")
    if name not in questions:
        raise GraderError(
            f"the graded cell `{name}` belongs to no question; there are {', '.join(questions)}"
        )
    question = questions[name]
    if float(options["points"]) != question.max_points:
        raise GraderError(
            f"the notebook gives {options['points']} points for `{question.name}`, the kit "
            f"{question.max_points}; build the release again with this version of the kit"
        )
    return question


def _points(question: QuestionResult, spec: Question | None) -> NotebookNode:
    """What `autograder.check` leaves in a notebook: nbgrader reads the plain text as partial credit."""
    # Feedback is cleaned of ids, student text's among them: a link to a heading would lead nowhere.
    table = question_table(question, spec, linked=False)
    data = {"text/plain": repr(float(question.points)), "text/html": table}
    return new_output("execute_result", data=data, execution_count=None)


def _tame(outputs: Sequence[Mapping[str, Any]]) -> Iterator[NotebookNode]:
    """Streams and errors as plain text; nothing that a browser would take for more than text."""
    for output in outputs:
        if output.get("output_type") == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield new_output("stream", name=name, text=_text(output.get("text")))
        elif output.get("output_type") == "error":
            fields = {key: _text(output.get(key)) for key in ("ename", "evalue")}
            lines = output.get("traceback")
            traceback = [_text(line) for line in lines[:200]] if isinstance(lines, list) else []
            yield new_output("error", **fields, traceback=traceback)


def _text(raw: Any) -> str:
    joined = "".join(map(str, raw)) if isinstance(raw, list) else str(raw or "")
    text = plain(joined[: 2 * MAX_TEXT])
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n… cut off here\n"
