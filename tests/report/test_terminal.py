"""Tables in a terminal."""

import io

from rich.console import Console

from autograder.report.results import Run
from autograder.report.terminal import class_tables, student_report
from autograder.report.text import plain
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict

ATTACK = "\x1b]0;owned\x07\x1b[31mred\x9b2J \x07[bold]markup[/bold]\u202egnp.exe"


def run(message="`loss_fn` sums", error="", student="ada"):
    """One run with a failed and a written question."""
    failed = CheckResult("values", "correct", "fail", message, 2, "values")
    questions = (
        QuestionResult("loss_fn", "fail", 0.0, 3.0, checks=(failed,)),
        QuestionResult("update", "pass", 3.0, 3.0),
        QuestionResult("explain_bias", "manual", 0.0, 2.0),
    )
    return Run(student, "02_regression", Verdict("02_regression", questions), 1.0, error)


def printed(renderable):
    """What a terminal 120 characters wide would show."""
    console = Console(file=io.StringIO(), width=120)
    console.print(renderable)
    return console.file.getvalue()


def test_class_table_shows_points_and_score():
    """A row a student: points per question, score without written answers."""
    table = printed(class_tables([run()]))
    assert "✘ 0" in table
    assert "✔ 3" in table
    assert "by hand" in table
    assert "3 of 6" in table


def test_failed_grader_shows_no_score():
    """Where the grader failed there is a question mark, and no 0."""
    table = printed(class_tables([run(error="the judge died")]))
    assert "grader failed" in table
    assert "?" in table
    assert "of 6" not in table


def test_student_report_names_the_line():
    """The message of a failure comes with its line."""
    assert "Line 2: `loss_fn` sums" in printed(student_report(run()))


def test_checks_that_wait_for_the_same_are_one_row():
    """Said once, with their number."""
    checks = [CheckResult(name, "correct", "skip", "waits for `values`") for name in "abc"]
    verdict = Verdict("02_regression", (QuestionResult("loss_fn", "fail", 0.0, 3.0, checks=tuple(checks)),))
    text = printed(student_report(Run("ada", "02_regression", verdict, 1.0)))
    assert (text.count("3 checks"), text.count("not run: waits for")) == (1, 1)


def test_escape_codes_do_not_reach_the_terminal():
    """What a student wrote cannot colour, clear or rename the terminal, nor be taken as markup."""
    text = printed(student_report(run(ATTACK))) + printed(class_tables([run(student=ATTACK)]))
    assert not set(text) & set("\x1b\x9b\x07\u202e")
    assert "[bold]markup[/bold]" in text


def test_plain_keeps_text():
    """Tabs, lines, Greek and mathematics stay."""
    assert plain("σ → 1\n\tΔ ✔") == "σ → 1\n\tΔ ✔"
