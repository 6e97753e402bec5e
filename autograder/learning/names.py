"""From what a person types to a question: `MDN`, `04_mdn/loss_fn`."""

from __future__ import annotations

from autograder.exercises import UnknownQuestion
from autograder.exercises.spec import meant
from autograder.learning.outline import Outline, Task, outlines


def resolve(text: str, within: str | None = None) -> tuple[Outline, Task]:
    """The question that `text` names; `within` names the assignment where a name is used twice (`loss_fn`).

    Raises:
        UnknownQuestion: if there is none, or several; the message says what to write instead.
    """
    there = outlines()
    assignment, slash, question = text.rpartition("/")
    if slash and within and assignment != within:
        raise UnknownQuestion(f"`{text}` is no question of {within}; name the assignment once")
    assignment = assignment or within or ""
    if assignment and assignment not in {outline.assignment for outline in there}:
        names = [outline.assignment for outline in there]
        raise UnknownQuestion(
            f"there is no assignment `{assignment}`{meant(assignment, names)}; there are {', '.join(names)}"
        )
    looked_in = [outline for outline in there if not assignment or outline.assignment == assignment]
    found = [(outline, task) for outline in looked_in for task in outline.tasks if task.name == question]
    if not found:
        names = [task.name for outline in looked_in for task in outline.tasks]
        listing = "; ".join(f"{o.assignment}: {', '.join(t.name for t in o.tasks)}" for o in looked_in)
        raise UnknownQuestion(
            f"there is no question `{question}`{meant(question, names)}. There are: {listing}"
        )
    if len(found) > 1:
        names = [f"`{outline.assignment}/{task.name}`" for outline, task in found]
        raise UnknownQuestion(
            f"`{question}` is a question of {len(found)} assignments; write {', '.join(names[:-1])} or {names[-1]}"
        )
    return found[0]
