"""What a source must have so that its questions can be cleared, checked and graded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.exercises import Assignment, Question
from autograder.nbgrader.sources import Cell, Source, SourceError
from clustermass._version import __version__

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def check(source: Source, assignment: Assignment) -> None:
    """Compare a source with the manifest of its assignment.

    Raises:
        SourceError: with everything that is wrong, by line.
    """
    problems = [
        *((_first_code(source).line, problem) for problem in _begin(source)),
        *((cell.line, problem) for cell in source.cells for problem in _cell(cell, assignment)),
        *(
            (_line(source, question), problem)
            for question in assignment.questions
            for problem in _question(source, question)
        ),
    ]
    if problems:
        raise SourceError(source.path, problems)


def _begin(source: Source) -> Iterator[str]:
    """The first code cell must say which assignment and which version of the kit the notebook belongs to."""
    text = _first_code(source).node.source
    wanted = f'autograder.begin("{source.assignment}", version="{__version__}")'
    if wanted not in text:
        seen = re.search(r"autograder\.begin\(.*\)", text)
        yield f"the first code cell must call `{wanted}`; it has {f'`{seen[0]}`' if seen else 'no such call'}"


def _cell(cell: Cell, assignment: Assignment) -> Iterator[str]:
    names = {question.name for question in assignment.questions}
    if cell.options["solution"]:
        if cell.id not in names:
            yield f"`{cell.id}` is a solution cell but no question of {assignment.name}"
        yield from _solution_markers(cell)
        return
    if not cell.options["locked"]:
        yield f'`{cell.id}` is no answer, so it must be locked: set "locked": true'
    if "BEGIN SOLUTION" in cell.node.source:
        yield f"`{cell.id}` holds a solution but is no solution cell: students would see it"
    if cell.options["grade"] and cell.id.removeprefix("check-") not in names:
        yield f"`{cell.id}` is a grade cell, but {assignment.name} has no such question"


def _solution_markers(cell: Cell) -> Iterator[str]:
    """Markers must pair up. Without any, nbgrader would clear the signature and the docstring as well."""
    markers = [line.strip() for line in cell.node.source.splitlines() if "SOLUTION" in line]
    if markers != [BEGIN, END] * (len(markers) // 2):
        yield f"`{cell.id}`: each line `{BEGIN}` must have its line `{END}` before the next one"
    elif not markers and cell.node.cell_type == "code":
        yield f"`{cell.id}` has no `{BEGIN}` … `{END}` around what the student writes"


def _question(source: Source, question: Question) -> Iterator[str]:
    answer = _find(source, question.name)
    if answer is None or not answer.options["solution"]:
        yield f"no solution cell has the id `{question.name}`, a question of {source.assignment}"
        return
    if question.section not in _headings(source):
        yield f'no heading reads "{question.section}", the section of `{question.name}`'
    graded = answer if question.manual else _find(source, question.check_cell)
    if graded is None:
        yield f"`{question.name}` has no cell `{question.check_cell}` with its points"
        return
    yield from _points(graded, question)
    if not question.manual:
        yield from _check_cell(graded, answer, question)


def _points(cell: Cell, question: Question) -> Iterator[str]:
    points = cell.options.get("points")
    if not cell.options["grade"] or points is None:
        yield f'`{cell.id}` must be graded: set "grade": true, "points": {question.points:g}'
    elif points != question.points:
        yield f"`{cell.id}` has {points:g} points, the manifest says {question.points:g}: they must agree"


def _check_cell(cell: Cell, answer: Cell, question: Question) -> Iterator[str]:
    last = f'autograder.check("{question.name}")'
    if cell.node.source.rstrip().splitlines()[-1:] != [last]:
        yield f"`{cell.id}` must end with `{last}`: nbgrader reads its value as the points"
    if cell.line < answer.line:
        yield f"`{cell.id}`, at line {cell.line}, comes before the answer that it checks"


def _first_code(source: Source) -> Cell:
    return next((cell for cell in source.cells if cell.node.cell_type == "code"), source.cells[0])


def _find(source: Source, name: str) -> Cell | None:
    return next((cell for cell in source.cells if cell.id == name), None)


def _line(source: Source, question: Question) -> int:
    """Where to look for a question's mistakes: its check cell, or its answer, or else the top."""
    cell = _find(source, question.check_cell) or _find(source, question.name)
    return cell.line if cell else 1


def _headings(source: Source) -> set[str]:
    texts = (cell.node.source for cell in source.cells if cell.node.cell_type == "markdown")
    return {line.lstrip("# ") for text in texts for line in text.splitlines() if line.startswith("#")}
