"""What `autograder.check` leaves in a notebook, read by IPython and by nbgrader."""

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbgrader.utils import determine_grade

from autograder.report.score import Score
from autograder.wire.verdict import QuestionResult

PARTIAL = QuestionResult("loss_fn", "fail", 2.4, 3.0)


@pytest.fixture
def shell():
    """A real IPython shell, with its display settings put back afterwards."""
    shell = InteractiveShell.instance()
    yield shell
    shell.run_line_magic("precision", "")


def shown(shell, value):
    """The display data that a notebook would store for `value`."""
    return shell.display_formatter.format(value)[0]


@pytest.mark.parametrize(("points", "text"), [(0.0, "0.0"), (2.4, "2.4"), (3.0, "3.0")])
def test_plain_text_is_a_python_float(shell, points, text):
    """The plain text is the points and nothing else."""
    assert shown(shell, Score(QuestionResult("q", "fail", points, 3.0)))["text/plain"] == text


def test_display_settings_do_not_change_the_points(shell):
    """`%precision` rounds floats in a notebook, but not the points."""
    shell.run_line_magic("precision", "0")
    assert shown(shell, Score(PARTIAL))["text/plain"] == "2.4"


def test_html_is_the_table(shell):
    """The HTML names the question."""
    assert "<code>loss_fn</code>" in shown(shell, Score(PARTIAL))["text/html"]


def test_nbgrader_reads_the_points(shell):
    """Stock nbgrader takes the output as partial credit."""
    output = nbformat.v4.new_output("execute_result", data=shown(shell, Score(PARTIAL)))
    options = {"grade": True, "solution": False, "points": 3, "grade_id": "check-loss_fn"}
    cell = nbformat.v4.new_code_cell("", outputs=[output], metadata={"nbgrader": options})
    assert determine_grade(cell) == (2.4, 3.0)


def test_score_counts_as_a_number():
    """Scores add up."""
    assert Score(PARTIAL) + Score(PARTIAL) == 4.8
