"""Rules of a source, and of the notebooks that are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.authors.finding import Finding, line_of, manifest_file, parsed
from autograder.exercises.spec import Assignment
from autograder.nbgrader import build, outputs, rules, sources
from autograder.nbgrader.release import GenerationError


def check_source(root: Path, assignment: Assignment) -> Iterator[Finding]:
    """What the build would refuse, and what hints give away."""
    path = root / "source" / assignment.name / f"{assignment.name}.py"
    if not path.is_file():
        yield Finding(
            f"source/{assignment.name}/{assignment.name}.py",
            0,
            "there is no source",
            "write it: docs/authors.md",
        )
        return
    try:
        source = sources.read(path)
        rules.check(source, assignment)
    except sources.SourceError as error:
        yield from parsed(str(error))
        return
    yield from _told_by_hints(root, source, assignment)


def check_built(root: Path, assignment: Assignment) -> Iterator[Finding]:
    """Whether release and solution are what the source makes, and the solution is fit to show."""
    name = assignment.name
    remedy = f"run `autograder build {name}` and commit what it writes"
    try:
        for sentence in build.out_of_date(root, [name]):
            file, _, message = sentence.partition(" ")
            yield Finding(file, 0, message, remedy)
    except (GenerationError, sources.SourceError) as error:
        yield Finding(f"source/{name}/{name}.py", 0, f"cannot be built: {error}", "mend the source first")
        return
    solution = root / "solutions" / name / f"{name}.ipynb"
    if solution.is_file():
        source = sources.read(root / "source" / name / f"{name}.py")
        executed = nbformat.read(solution, as_version=4)
        if len(executed.cells) == len(source.cells):
            for problem in outputs.problems(source, executed):
                yield Finding(f"solutions/{name}/{name}.ipynb", 0, problem, remedy)


def _told_by_hints(root: Path, source: sources.Source, assignment: Assignment) -> Iterator[Finding]:
    """A line of the reference answer may be in the last hint at most."""
    file = manifest_file(root, assignment)
    cells = {cell.id: cell.node for cell in source.cells}
    for question in assignment.automatic:
        text = cells[question.name].source.partition(rules.BEGIN)[2].partition(rules.END)[0]
        telling = [line.strip() for line in text.splitlines() if len(line.strip()) > 12]
        for hint in question.hints[:-1]:
            for line in telling:
                if line in hint or line.removeprefix("return ") in hint:
                    yield Finding(
                        file,
                        line_of(root / file, rf'name="{question.name}"'),
                        f"a hint of `{question.name}` has a whole line of its answer: `{line}`",
                        "leave that to the last hint",
                    )
