"""Findings against an answer from the cells' sources."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from autograder.exercises.spec import Assignment
from autograder.judge.source import rules
from autograder.judge.source.answers import Body, bodies
from autograder.judge.source.cells import Cells
from autograder.wire.artifact import Finding

Rule = Callable[[Cells, Body, ast.AST, str, Assignment], Iterator[Finding]]
_RULES: tuple[Rule, ...] = (
    rules.output,
    rules.callbacks,
    rules.random_state,
    rules.changed_globals,
    rules.changed_arguments,
    rules.clock,
    rules.read_globals,
)


def source_findings(assignment: Assignment, question: str, sources: Sequence[str]) -> list[Finding]:
    """What is certain, from the text alone, against the answer to `question`.

    Args:
        assignment: whose given names and other answers are not the answer's doing.
        question: the answer's name.
        sources: the cells that ran, in order.
    """
    try:
        return _findings(assignment, question, Cells.read(sources))
    except RecursionError:
        return []  # a sum of a thousand terms: nothing is certain of what cannot be followed


def _findings(assignment: Assignment, question: str, cells: Cells) -> list[Finding]:
    others = {other.name for other in assignment.questions if other.name != question} | assignment.given
    found = [
        finding
        for body in bodies(cells, question, others)
        for node in body.nodes
        for rule in _RULES
        for finding in rule(cells, body, node, question, assignment)
    ]
    return list(dict.fromkeys(found))
