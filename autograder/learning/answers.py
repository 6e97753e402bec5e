"""What a student has written, and a fingerprint of each answer: has it changed since it was checked?"""

from __future__ import annotations

import ast
import dis
import hashlib
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.capture.functions import loaded_globals, nested_code
from autograder.grading.reading import read_submission
from autograder.learning.outline import Outline, Task

# Asking for a hint in the cell of the answer does not change the answer.
ASKING = re.compile(r"^autograder\.(check|hint)\(.*\n?", re.MULTILINE)
MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class Answers:
    """The cells that are the student's: answers, and cells of their own. Given cells are nobody's answer.

    Attributes:
        outline: of the assignment.
        cells: (id, source) of each; the id of an answer is the question's name.
    """

    outline: Outline
    cells: tuple[tuple[str, str], ...]

    @classmethod
    def of_notebook(cls, path: Path, outline: Outline) -> Answers:
        """Those of a notebook as it is saved.

        Raises:
            UnreadableError: if no notebook can be read there.
        """
        written = {task.name for task in outline.tasks if task.manual}
        cells = [
            (cell.grade_id, cell.source)
            for cell in read_submission(path)
            if cell.kind == "code" or cell.grade_id in written
        ]
        return cls(outline, _own(cells, outline))

    @classmethod
    def of_session(cls, sources: Mapping[str, str], outline: Outline) -> Answers:
        """Those of the cells that ran in a kernel, by cell id. (The release's cell ids are nbgrader's.)"""
        return cls(outline, _own(list(sources.items()), outline))

    def is_open(self, task: Task) -> bool:
        """Whether there is no answer yet: no such cell, or its stub."""
        mine = [source for name, source in self.cells if name == task.name]
        if not mine:
            return True
        if task.manual:
            return mine[-1].strip() in ("", task.stub)
        raised = re.search(rf'"Task {task.name}: .*"', task.stub)
        code = [line for line in mine[-1].splitlines() if not line.lstrip().startswith("#")]
        return not any(map(str.strip, code)) or bool(raised and any(raised[0] in line for line in code))

    def fingerprint(self, question: str) -> str:
        """A hash of the answer's cell and of the student's other cells that bind what it uses.

        Other answers are left out: each is a question of its own.
        """
        questions = {task.name for task in self.outline.tasks} - {question}
        own = [(name, source) for name, source in self.cells if name not in questions]
        wanted, used = {question}, set[str]()
        while True:
            more = {
                source
                for name, source in own
                if source not in used and (name == question or wanted & names_of(source)[0])
            }
            if not more:
                break
            used |= more
            wanted = wanted.union(*(names_of(source)[1] for source in more)) - questions
        text = "\0".join(sorted(ASKING.sub("", source).strip() for source in used))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _own(cells: list[tuple[str, str]], outline: Outline) -> tuple[tuple[str, str], ...]:
    return tuple((name, source) for name, source in cells if source.strip() not in outline.locked)


@lru_cache(maxsize=1024)
def names_of(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a cell binds at module level, and those that it loads from there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the student's code; Python says it when the cell runs
            code = compile(
                MAGIC.sub(r"\1pass", source), "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            )
    except (SyntaxError, ValueError):  # half-written
        return frozenset(), frozenset()
    bound = {i.argval for i in dis.get_instructions(code) if i.opname == "STORE_NAME"}
    for inner in nested_code(code):
        bound |= {i.argval for i in dis.get_instructions(inner) if i.opname == "STORE_GLOBAL"}
    return frozenset(bound), frozenset(loaded_globals(code))
