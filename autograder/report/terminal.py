"""Tables for a terminal: a class, and one student."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.exercises import assignment as find_assignment
from autograder.report.results import Run
from autograder.report.text import located, plain, points
from autograder.report.waiting import apart
from autograder.wire.verdict import FAMILIES, QuestionResult, Verdict

STYLES = {"pass": "green", "fail": "red", "error": "red", "missing": "yellow", "manual": "dim", "skip": "dim"}
SIGNS = {"pass": "✔", "fail": "✘", "error": "✘", "missing": "–", "manual": "✎", "skip": "–"}


def class_tables(runs: Iterable[Run]) -> Group:
    """A table for each assignment: one row a student, one column a question."""
    by_assignment: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.assignment, run.student)):
        by_assignment.setdefault(run.assignment, []).append(run)
    return Group(*(_class_table(name, group) for name, group in by_assignment.items()))


def student_report(run: Run) -> Group:
    """Everything about one submission: a table a question, with the messages of what failed."""
    heading = Text(f"{run.student}, {run.assignment}: {_total(run)}", style="bold")
    if run.error:
        return Group(heading, Text(plain(run.error), style="red"))
    return Group(heading, *(part for question in run.verdict.questions for part in _question(question)))


def help_lines(verdict: Verdict) -> Iterator[Text]:
    """For a student: where the first question that does not pass is taught, and how to get a hint."""
    unsolved = [question for question in verdict.questions if question.status in ("fail", "error", "missing")]
    for question in unsolved[:1]:
        section = find_assignment(verdict.assignment)[question.name].section
        name = f"{verdict.assignment}/{question.name}"
        yield Text(f"`{question.name}` is taught in “{section}”. A hint: autograder hint {name}", "cyan")


def _class_table(assignment: str, runs: list[Run]) -> Table:
    names = list(dict.fromkeys(q.name for run in runs for q in run.verdict.questions))
    table = Table(title=assignment, title_justify="left", title_style="bold")
    table.add_column("student", no_wrap=True)
    for name in names:
        table.add_column(plain(name))
    table.add_column("score", justify="right")
    for run in runs:
        found = {question.name: question for question in run.verdict.questions}
        cells = [_cell(found.get(name)) for name in names]
        row = [Text("grader failed", style="red"), *[Text("")] * (len(names) - 1)] if run.error else cells
        table.add_row(Text(plain(run.student)), *row, Text(_total(run)))
    return table


def _total(run: Run) -> str:
    return "?" if run.error else f"{points(run.verdict.score)} of {points(run.verdict.max_score)}"


def _cell(question: QuestionResult | None) -> Text:
    if question is None:
        return Text("")
    status = question.status
    words = {"pass": "", "fail": "", "error": " error", "missing": " missing", "manual": " by hand"}[status]
    earned = "" if status == "manual" else f" {points(question.points)}"
    return Text(f"{SIGNS[status]}{earned}{words}", style=STYLES[status])


def _question(question: QuestionResult) -> Iterator[RenderableType]:
    earned = f"{points(question.points)} of {points(question.max_points)}"
    title = f"{SIGNS[question.status]} {plain(question.name)}  {question.status}, {earned} points"
    yield Text(title, style=STYLES[question.status])
    if question.message and not any(check.status == "fail" for check in question.checks):
        yield Text(f"  {plain(located(question.message, question.line))}")
    if question.checks:
        yield _checks(question)


def _checks(question: QuestionResult) -> Table:
    table = Table("family", "check", "", "message", box=None, padding=(0, 1, 0, 2), show_header=False)
    ran, waiting = apart(sorted(question.checks, key=lambda check: FAMILIES.index(check.family)))
    for check in ran:
        message = located(check.message, check.line) if check.status != "pass" else ""
        advice = f"Advice: {check.advice}" if check.advice else ""
        table.add_row(
            check.family,
            Text(plain(check.title or check.name)),
            Text(SIGNS[check.status], style=STYLES[check.status]),
            Text(plain("\n".join(filter(None, (message, advice))))),
        )
    for group in waiting:
        sign = Text(SIGNS["skip"], style=STYLES["skip"])
        table.add_row("", Text(plain(group.what)), sign, Text(plain(f"not run: {group.reason}")))
    return table
