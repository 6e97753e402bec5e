"""The assignments: their questions, and the pytest checks of each. Only this package knows what a question is."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from autograder.exercises.spec import Assignment, Question, UnknownQuestion, meant

__all__ = ["ASSIGNMENTS", "Assignment", "Question", "UnknownQuestion", "assignment", "find", "meant"]

# nbgrader's name -> the package with the manifest and the checks.
ASSIGNMENTS = {
    "01_jax": "transformations",
    "02_regression": "regression",
    "03_likelihood": "likelihood",
    "04_mdn": "mdn",
    "05_epistemic": "epistemic",
}


@cache
def assignment(name: str) -> Assignment:
    """The assignment called `name`.

    Raises:
        UnknownQuestion: naming the assignments that there are.
    """
    if name not in ASSIGNMENTS:
        close = meant(name, list(ASSIGNMENTS))
        raise UnknownQuestion(f"there is no assignment `{name}`{close}; there are {', '.join(ASSIGNMENTS)}")
    manifest: Assignment = import_module(f"{__name__}.{ASSIGNMENTS[name]}").ASSIGNMENT
    return manifest


def find(question: str, within: str | None = None) -> tuple[Assignment, Question]:
    """The question and its assignment; `within` names the assignment where a name is used twice (`loss_fn`).

    Raises:
        UnknownQuestion: if there is none, or several and no `within`.
    """
    places = [assignment(name) for name in ([within] if within else ASSIGNMENTS)]
    found = [(place, q) for place in places for q in place.questions if q.name == question]
    if not found:
        there = "; ".join(f"{place.name}: {', '.join(q.name for q in place.questions)}" for place in places)
        close = meant(question, [q.name for place in places for q in place.questions])
        raise UnknownQuestion(f"there is no question `{question}`{close}. There are: {there}")
    if len(found) > 1:
        names = ", ".join(place.name for place, _ in found)
        raise UnknownQuestion(f"`{question}` is a question of {names}; say which one")
    return found[0]
