"""A question whose text is still the stub has no answer, whatever program comes with it."""

import json

import pytest

from autograder.exercises import ASSIGNMENTS, assignment
from autograder.judge.source import stub_line
from autograder.nbgrader import carried

STUBS = [(name, question) for name in ASSIGNMENTS for question in assignment(name).automatic]


def cells(name):
    """The sources of a release's code cells."""
    notebook = json.loads(carried.release(name).read_text())
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize(("name", "question"), STUBS, ids=[question.name for _, question in STUBS])
def test_every_stub_is_recognised(name, question):
    """Each question of each release."""
    assert stub_line(question, cells(name))


@pytest.mark.parametrize(
    "own",
    [
        "def loss_fn(params, x, y):\n    return 0.0",
        "loss_fn = lambda params, x, y: 0.0",
        "from elsewhere import loss_fn",
        "if True:\n    def loss_fn(params, x, y):\n        return 0.0",
        "for loss_fn in [print]:\n    pass",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_an_answer_in_a_cell_of_its_own_counts(own, first):
    """Before or after the stub that is still there: which of them ran last the text does not tell."""
    question = assignment("02_regression")["loss_fn"]
    sources = cells("02_regression")
    assert stub_line(question, [own, *sources] if first else [*sources, own]) is None


def test_raising_for_one_case_is_no_stub():
    """An answer may raise NotImplementedError where it does not apply."""
    question = assignment("02_regression")["loss_fn"]
    source = "def loss_fn(params, x, y):\n    if x is None:\n        raise NotImplementedError('Task loss_fn: no x')\n    return 0.0"
    assert stub_line(question, [source]) is None
    assert stub_line(question, []) is None
