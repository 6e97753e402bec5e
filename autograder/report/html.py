"""The table of a question, for notebooks, nbgrader's feedback and formgrader.

No script, no style sheet: it must read well where styles are stripped, in light, in dark and without colour.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from autograder.exercises.spec import Question
from autograder.report.figure import residual_png
from autograder.report.section import section_html
from autograder.report.text import located, points, rich_html
from autograder.report.waiting import Waiting, apart
from autograder.wire.verdict import FAMILIES, CheckResult, CheckStatus, QuestionResult

# Sign, word, colour: of the Okabe-Ito palette, dark and light enough for both themes.
MARKS = {
    "pass": ("✔", "passed", "#009E73"),
    "fail": ("✘", "failed", "#D55E00"),
    "skip": ("–", "not run", "#808080"),
}
STATUS = {
    "pass": ("✔", "all passed", "#009E73"),
    "fail": ("✘", "not there yet", "#D55E00"),
    "error": ("✘", "did not run", "#D55E00"),
    "missing": ("–", "no answer yet", "#808080"),
    "manual": ("✎", "marked by hand", "#808080"),
}
UNSOLVED = ("fail", "error", "missing")
CELL = "text-align: left; vertical-align: top; padding: 2px 12px 2px 0;"


def question_table(question: QuestionResult, spec: Question | None = None, *, linked: bool = True) -> str:
    """One question as HTML: the first failure, where to read and how to get a hint, then all checks by family.

    Args:
        question: how it went.
        spec: what it asks, for the section that teaches it.
        linked: whether the section is in the same page, under its heading's id.
    """
    checks = sorted(question.checks, key=lambda check: FAMILIES.index(check.family))
    failures = [check for check in checks if check.status == "fail"]
    return "".join(
        [
            '<div class="autograder">',
            _headline(question),
            _first_failure(failures[0]) if failures else _remark(question),
            _help(spec, linked) if spec and question.status in UNSOLVED else "",
            _table(checks, failures[1:]) if checks else "",
            *(_figure(check) for check in checks),
            "</div>",
        ]
    )


def _headline(question: QuestionResult) -> str:
    sign, word, colour = STATUS[question.status]
    score = (
        f"{points(question.max_points)} points, {word}"
        if question.status == "manual"
        else f"{points(question.points)} of {points(question.max_points)} points, {word}"
    )
    name = html.escape(question.name)
    return f"<p><b>{_sign(sign, colour)} <code>{name}</code>: {score}</b></p>"


def _remark(question: QuestionResult) -> str:
    """Why there is no answer to check; where a check failed, its message says more."""
    return f"<p>{_message(question)}</p>" if question.message else ""


def _first_failure(check: CheckResult) -> str:
    return (
        f"<details open><summary><b>First to mend: {rich_html(_title(check))}</b></summary>"
        f"<p>{_message(check)}</p></details>"
    )


def _help(spec: Question, linked: bool) -> str:
    hint = f'<code>autograder.hint("{html.escape(spec.name)}")</code> gives a hint.' if spec.hints else ""
    section = f"Taught in the section {section_html(spec.section, linked)}." if spec.section else ""
    return f"<p>{' '.join(filter(None, (section, hint)))}</p>" if section or hint else ""


def _table(checks: list[CheckResult], folded: list[CheckResult]) -> str:
    head = "".join(f'<th style="{CELL}">{title}</th>' for title in ("", "Check", "Result"))
    rows = "".join(_rows(checks, folded))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _rows(checks: list[CheckResult], folded: list[CheckResult]) -> Iterator[str]:
    ran, waiting = apart(checks)
    family = ""
    for check in ran:
        heading, family = "" if check.family == family else check.family, check.family
        yield _row(heading, _description(check, check in folded), check.status)
    for group in waiting:
        yield _row(group.families, _waiting(group), "skip")


def _row(heading: str, description: str, status: CheckStatus) -> str:
    sign, word, colour = MARKS[status]
    cells = (f"<b>{heading}</b>", description, f"{_sign(sign, colour)} {word}")
    return "<tr>" + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _waiting(group: Waiting) -> str:
    titles = "<br>".join(rich_html(_title(check)) for check in group.checks)
    if len(group.checks) == 1:
        return f"{titles}<br><i>{rich_html(group.reason)}</i>"
    return f"<details><summary>{group.what}: {rich_html(group.reason)}</summary>{titles}</details>"


def _description(check: CheckResult, folded: bool) -> str:
    title = rich_html(_title(check))
    advice = f"<br><i>Advice: {rich_html(check.advice)}</i>" if check.advice else ""
    return (
        f"<details><summary>{title}</summary>{_message(check)}</details>{advice}"
        if folded
        else title + advice
    )


def _figure(check: CheckResult) -> str:
    png = residual_png(check.figure) if check.figure else None
    if png is None:
        return ""
    about = "Median residual in dex, with its error and percentiles 16 to 84, in bins of true mass."
    return f'<p><img alt="{about}" src="data:image/png;base64,{png}"></p>'


def _title(check: CheckResult) -> str:
    return check.title or check.name.replace("_", " ")


def _message(result: CheckResult | QuestionResult) -> str:
    return rich_html(located(result.message, result.line))


def _sign(sign: str, colour: str) -> str:
    return f'<span style="color: {colour};">{sign}</span>'
