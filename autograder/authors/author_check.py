"""Every rule for every assignment: what `autograder author-check` runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authors import links, manifest, notebooks, runs, stray, submissions
from autograder.authors.finding import Finding, Rule
from autograder.exercises import ASSIGNMENTS
from autograder.exercises import assignment as find_assignment

# By name, in the order in which an author would mend them. Later ones make no sense where an earlier one fails.
READING: dict[str, Rule] = {
    "manifest": manifest.check,
    "source": notebooks.check_source,
    "links": links.check_notebook,
    "submissions": submissions.check,
    "built": notebooks.check_built,
}
RUNNING: dict[str, Rule] = {"stubs": runs.check_stubs, "reference": runs.check_reference}
GATES = ("source", "submissions", "built")
REPOSITORY: dict[str, Callable[[Path], Iterator[Finding]]] = {
    "files": stray.check,
    "links": links.check_documents,
}


@dataclass(frozen=True)
class Checked:
    """What came of one rule; `findings` None: not run, since an earlier one failed."""

    of: str
    rule: str
    findings: tuple[Finding, ...] | None


def author_check(
    root: Path,
    names: Iterable[str] = (),
    *,
    run: bool = True,
    report: Callable[[str, str], None] = lambda of, rule: None,
) -> Iterator[Checked]:
    """Check assignments (all by default) and, where all are asked for, the repository around them.

    Args:
        root: a checkout, the one that this package runs from.
        names: of assignments.
        run: whether to grade stubs and references too.
        report: told the assignment and the rule before each.

    Raises:
        UnknownQuestion: an assignment that there is not.
    """
    asked = list(names)
    for name in asked or ASSIGNMENTS:
        report(name, "manifest")
        try:
            assignment = find_assignment(name)
        except Exception as error:  # whatever an author's module raises
            yield Checked(name, "manifest", (_does_not_load(name, error),))
            continue
        stopped = False
        for rule, check in (READING | (RUNNING if run else {})).items():
            if stopped and rule in RUNNING:
                yield Checked(name, rule, None)
                continue
            report(name, rule)
            found = tuple(sorted(check(root, assignment)))
            stopped |= bool(found) and rule in GATES
            yield Checked(name, rule, found)
    for rule, look in REPOSITORY.items() if not asked else ():
        report("repository", rule)
        yield Checked("repository", rule, tuple(sorted(look(root))))


def _does_not_load(name: str, error: Exception) -> Finding:
    file, line = f"autograder/exercises/{ASSIGNMENTS[name]}/__init__.py", 0
    traceback = error.__traceback__
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.parent.name == ASSIGNMENTS[name]:
            file, line = f"autograder/exercises/{ASSIGNMENTS[name]}/{path.name}", traceback.tb_lineno
        traceback = traceback.tb_next
    return Finding(
        file, line, f"the manifest cannot be imported: {type(error).__name__}: {error}", "mend it first"
    )
