"""The table of a question."""

import html as html_module
import re

import pytest

from autograder.exercises import assignment
from autograder.report.html import question_table
from autograder.report.section import anchor
from autograder.wire.verdict import CheckResult, QuestionResult

BINS = {"centre": [13.9, 14.1], "median": [0.01, -0.02], "error": [0.01, 0.01], "tolerance": 0.02}


def question(*checks, **fields):
    """A failed question with these checks."""
    return QuestionResult("loss_fn", fields.pop("status", "fail"), 0.0, 3.0, checks=checks, **fields)


def test_families_come_in_the_order_of_the_course():
    """Pure before jittable before correct before unbiased, whatever order the judge used."""
    families = ("unbiased", "correct", "pure", "jittable")
    html = question_table(question(*(CheckResult(f"c_{name}", name, "pass") for name in families)))
    assert re.findall(r"<b>(pure|jittable|correct|unbiased)</b>", html) == [
        "pure",
        "jittable",
        "correct",
        "unbiased",
    ]


def test_first_failure_comes_first_and_open():
    """The first failure stands above the table, unfolded; the next one is folded into its row."""
    html = question_table(
        question(
            CheckResult("a", "correct", "fail", "second message", title="values"),
            CheckResult("b", "pure", "fail", "first message", title="prints nothing"),
        )
    )
    top, table = html.split("<table>")
    assert "<details open>" in top
    assert "first message" in top
    assert "second message" not in top
    assert "second message" in table
    assert "first message" not in table


def test_marks_are_words_too():
    """The result of a check does not hang on colour or sign."""
    statuses = ("pass", "fail", "skip")
    html = question_table(question(*(CheckResult(status, "pure", status) for status in statuses)))
    assert all(word in html for word in ("passed", "failed", "not run"))


@pytest.mark.parametrize("place", ["name", "message", "title", "advice"])
def test_everything_is_escaped(place):
    """Nothing of a verdict is taken as HTML."""
    attack = "<script>alert(1)</script>"
    fields = {"name": "c", "family": "pure", "status": "fail", "message": "m"} | {place: attack}
    html = question_table(
        QuestionResult(attack, "fail", 0, 1, message=attack, checks=(CheckResult(**fields),))
    )
    assert "<script" not in html
    assert "&lt;script" in html


def test_backticks_become_code():
    """Names in messages are set as code."""
    assert "<code>loss_fn</code>" in question_table(
        question(message="`loss_fn` is missing", status="missing")
    )


def test_line_is_named_once():
    """The line is put before a message that does not name it."""
    assert "Line 3: too slow" in question_table(question(message="too slow", line=3))
    assert "Line 3: `f`, line 3" not in question_table(question(message="`f`, line 3, is slow", line=3))


def test_bias_check_shows_its_residuals():
    """Numbers of a bias check are drawn, with a text for those who do not see the picture."""
    html = question_table(question(CheckResult("bias", "unbiased", "fail", figure=BINS)))
    assert '<img alt="Median residual in dex' in html
    assert "data:image/png;base64,iVBOR" in html


@pytest.mark.parametrize(
    "figure",
    [
        {},
        {"centre": [14.0]},
        {"centre": [14.0], "median": ["x"]},
        {"centre": 1, "median": 2},
        {"centre": [14.0, 14.2], "median": [0.1]},
        {"centre": [14.0], "median": [float("nan")]},
    ],
)
def test_no_plot_without_numbers(figure):
    """A figure that is not made of numbers is left out."""
    assert "<img" not in question_table(question(CheckResult("bias", "unbiased", "fail", figure=figure)))


def test_message_is_not_repeated():
    """A question whose message is that of its failed check says it once."""
    check = CheckResult("a", "correct", "fail", "the loss is wrong")
    assert question_table(question(check, message="the loss is wrong")).count("the loss is wrong") == 1


def test_checks_that_wait_for_the_same_are_one_row():
    """Ten rows of "not run" would hide the one that says what to do."""
    skipped = [
        CheckResult(name, family, "skip", "waits")
        for name in ("one", "two")
        for family in ("pure", "correct")
    ]
    html = question_table(question(*skipped, CheckResult("three", "correct", "skip", "another reason")))
    assert (html.count("waits"), html.count("another reason"), html.count("not run")) == (1, 1, 2)
    assert all(
        words in html for words in ("4 checks: waits", "three<br><i>another reason</i>", "pure, correct")
    )
    assert all(html.count(name) for name in ("one", "two", "three"))


LOSS = assignment("02_regression")["loss_fn"]


@pytest.mark.parametrize("status", ["fail", "error", "missing"])
def test_unsolved_question_says_where_to_read_and_how_to_get_a_hint(status):
    """A link to the section that teaches it, and what to type for a hint; in feedback the name alone."""
    html = question_table(question(status=status), LOSS)
    assert 'Taught in the section <a href="#The-loss">The loss</a>.' in html
    assert '<code>autograder.hint("loss_fn")</code>' in html
    assert "section “The loss”" in question_table(question(status=status), LOSS, linked=False)


def test_solved_question_needs_neither():
    """The table of a question that passes is what it always was: solutions are not built again for it."""
    passed = question(CheckResult("a", "correct", "pass"), status="pass")
    assert question_table(passed, LOSS) == question_table(passed)


HEADINGS = {
    "The loss": "#The-loss",
    "What is going on?": "#What-is-going-on?",
    "A & B (again)": "#A-&-B-(again)",
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_anchor_is_the_one_that_nbconvert_makes(heading):
    """nbconvert's id of a heading; JupyterLab's is the text with dashes, tried in a browser (tests/browser)."""
    from nbconvert.filters.markdown import markdown2html_mistune

    made = html_module.unescape(re.search('href="([^"]*)"', markdown2html_mistune(f"## {heading}"))[1])
    assert f"#{anchor(heading)}" == made == HEADINGS[heading]


@pytest.mark.parametrize("heading", ["Kullback–Leibler", 'The "loss"', "100 %", "a < b"])
def test_heading_whose_anchors_differ_has_none(heading):
    """Where a browser would encode what JupyterLab leaves as it is, there is no link that works in both."""
    assert anchor(heading) is None
