"""Purity from the source alone: found again where facts are forged, silent wherever capture would be."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from reference_cells import NEEDED, solution_cells
from test_pure import IMPURE, LOSS, PURE

from autograder.capture.capture import capture
from autograder.exercises import ASSIGNMENTS, assignment
from autograder.grading.cells import cells_to_run
from autograder.grading.reading import SubmittedCell
from autograder.judge.judge import judge
from autograder.judge.source import source_findings
from autograder.nbgrader.handed_in import handed_in
from autograder.nbgrader.submissions import Submission, read_all
from autograder.wire.artifact import Artifact

FOLDER = Path(__file__).parents[1] / "submissions"
RIGHT = [submission for name in ASSIGNMENTS for submission in read_all(FOLDER, name, "right")]


def sources_with(before: str = "", answer: str = "", after: str = "", question: str = "loss_fn") -> list[str]:
    """The cells of 02 with another answer to one question, and cells of the student's own."""
    cells = solution_cells("02_regression")
    setup, *rest = NEEDED["02_regression"]
    return [
        cells[setup],
        before,
        *(answer if name == question and answer else cells[name] for name in rest),
        after,
    ]


def found(*arguments: Any, question: str = "loss_fn", **options: Any) -> list[Any]:
    """What the source says of an answer to 02."""
    sources = sources_with(*arguments, question=question, **options)
    return source_findings(assignment("02_regression"), question, sources)


def checks_of(case: str) -> set[str]:
    before, answer, *_ = IMPURE[case]
    return {finding.check for finding in found(before, answer)}


# Impure answers of test_pure.py, and what is certain from their text.
NOT_CERTAIN = {"global params", "counter in a closure"}
OTHER = {
    "np.random": {"changes_nothing"},  # the draw is certain; that its value matters is not
    "np.random frozen by jit": {"changes_nothing"},
    "leaked tracer": {"changes_nothing"},
}


@pytest.mark.parametrize("case", IMPURE)
def test_what_is_certain_is_found(case):
    """An impurity that every call meets is found, with the line and the words of capture."""
    _, _, check, line, words = IMPURE[case]
    findings = found(*IMPURE[case][:2])
    expected = set() if case in NOT_CERTAIN else OTHER.get(case, {check})
    assert {finding.check for finding in findings} == expected
    if expected == {check} and line is not None:
        assert findings[0].line == line
        # Shapes, and what is printed, are known only beside the student's code.
        known = [word for word in words if "shape" not in word and "compiled program" not in word]
        assert all(word.split(" of ")[0] in findings[0].message for word in known), findings[0].message


@pytest.mark.parametrize("case", IMPURE)
def test_capture_finds_all_that_the_source_says(notebook, case):
    """Nothing is said from the source that is not found by running it: the two agree."""
    before, answer, *_ = IMPURE[case]
    captured = notebook("02_regression", before=before, loss_fn=answer).capture("loss_fn")
    failed = {finding.check for finding in captured.findings if finding.level == "fail"}
    assert checks_of(case) <= failed


@pytest.mark.parametrize("case", PURE)
def test_pure_answer_is_left_alone(case):
    """Right losses in unusual styles are not blamed."""
    assert found(*PURE[case]) == []


@pytest.mark.parametrize("submission", RIGHT, ids=lambda s: f"{s.assignment}-{s.name}")
def test_right_submission_is_left_alone(submission: Submission):
    """Nothing is said against any right submission, the reference solutions among them."""
    spec = assignment(submission.assignment)
    cells = [
        SubmittedCell(
            index, cell.cell_type, cell.source, cell.metadata.get("nbgrader", {}).get("grade_id", "")
        )
        for index, cell in enumerate(handed_in(submission).cells)
    ]
    sources = [source for _, source, _ in cells_to_run(cells, spec)]
    assert {q.name: source_findings(spec, q.name, sources) for q in spec.automatic} == {
        q.name: [] for q in spec.automatic
    }


MEAN = "    return jnp.mean((model.apply(params, x) - y) ** 2)\n"
# Cells before, the answer, cells after: pure, or not surely impure.
FINE = {
    "print is the student's own": ("def print(*what):\n    pass", LOSS.format(body="    print('hello')\n"), ""),
    "print is bound later": ("", LOSS.format(body="    print('hello')\n"), "print = lambda *what: None"),
    "print is a parameter": ("", "def loss_fn(params, x, y, print=str):\n    print('hello')\n" + MEAN, ""),
    "print is local": ("", LOSS.format(body="    print = str\n    print('hello')\n"), ""),
    "prints nothing": ("", LOSS.format(body="    print()\n    print('', end='')\n"), ""),
    "prints into a buffer": ("import io", LOSS.format(body="    print('hello', file=io.StringIO())\n"), ""),
    "prints when asked": ("", LOSS.format(body="    if model is None:\n        print('no model')\n"), ""),
    "prints when asked, in one line": ("", LOSS.format(body="    model is None and print('no model')\n"), ""),
    "prints on one side": ("", LOSS.format(body="    None if model else print('no model')\n"), ""),
    "prints in an error path": ("", LOSS.format(body="    try:\n        x.shape\n    except ValueError:\n        print('no')\n"), ""),
    "prints if an assertion fails": ("", LOSS.format(body="    assert model, print('no model')\n"), ""),
    "prints in an annotation": ("", LOSS.format(body="    z: print('never') = 0\n"), ""),
    "prints after the return": ("", "def loss_fn(params, x, y):\n" + MEAN + "    print('never')\n", ""),
    "prints in a branch with a return": ("", LOSS.format(body="    if model:\n        return jnp.mean((model.apply(params, x) - y) ** 2)\n    print('never')\n"), ""),
    "prints in a lambda": ("", LOSS.format(body="    show = lambda v: print(v)\n"), ""),
    "prints in an inner function": ("", LOSS.format(body="    def show(v):\n        print(v)\n"), ""),
    "prints in a comprehension": ("", LOSS.format(body="    [print(v) for v in ()]\n"), ""),
    "speaks of print": ("", LOSS.format(body="    '''print('hello'); np.random.normal()'''\n    # print('x')\n"), ""),
    "helper that is not called": ("def show(v):\n    print(v)", LOSS.format(body=""), ""),
    "helper of the same name": ("def show(v):\n    print(v)", LOSS.format(body="    show = str\n    show('x')\n"), ""),
    "helper that was replaced": ("def show(v):\n    print('x')", LOSS.format(body="    show(y)\n"), "def show(v):\n    pass"),
    "answer that was replaced": ("", LOSS.format(body="    print('first try')\n"), LOSS.format(body="")),
    "another answer prints": ("def update(params, opt_state, x, y):\n    print('x')", LOSS.format(body=""), ""),
    "unknown decorator": ("def quietly(f):\n    return lambda *a: 0.0", "@quietly\n" + LOSS.format(body="    print('x')\n"), ""),
    "local named like a global": ("shift = jnp.zeros(3)", LOSS.format(body="    shift = 0.0\n    y = y + shift\n"), ""),
    "loop variable named like a global": ("shift = jnp.zeros(3)", LOSS.format(body="    for shift in (0.0, 0.0):\n        y = y + shift\n"), ""),
    "comprehension named like a global": ("shift = jnp.zeros(3)", LOSS.format(body="    y = y + sum(shift for shift in (0.0, 0.0))\n"), ""),
    "argument named like a global": ("y = jnp.zeros(3)", LOSS.format(body="    y = y + 0.0\n"), ""),
    "default argument": ("shift = jnp.zeros(1)", "def loss_fn(params, x, y, shift=shift):\n    y = y + shift\n" + MEAN, ""),
    "global read for its shape": ("shift = jnp.zeros(1)", LOSS.format(body="    y = y.reshape(-1, shift.shape[0])\n"), ""),
    "global read for its shape by jnp": ("shift = jnp.zeros(1)", LOSS.format(body="    y = y + 0.0 * jnp.zeros_like(shift)\n"), ""),
    "global of unknown kind": ("shift = sum([0.0, 0.0])", LOSS.format(body="    y = y + shift\n"), ""),
    "global number": ("half = 0.5", LOSS.format(body="    y = y * half * 2\n"), ""),
    "global 0-d array": ("half = jnp.array(0.5)", LOSS.format(body="    y = y * half * 2\n"), ""),
    "global that a star may bind": ("from math import *\npi = jnp.zeros(1)", LOSS.format(body="    y = y + 0.0 * pi\n"), ""),
    "global bound in a branch": ("if model_size := 3:\n    shift = 0.0\nelse:\n    shift = jnp.zeros(1)", LOSS.format(body="    y = y + shift\n"), ""),
    "class attribute": ("class Options:\n    shift = jnp.zeros(1)\n    scale = [1.0]", LOSS.format(body="    y = y + 0.0\n"), ""),
    "local list": ("", LOSS.format(body="    seen = []\n    seen.append(y)\n    seen[0] = y + 0.0\n"), ""),
    "copy of an argument": ("", LOSS.format(body="    params = dict(params)\n    params['extra'] = y * 2\n"), ""),
    "nonlocal of its own": ("", LOSS.format(body="    n = 0\n    def count():\n        nonlocal n\n        n += 1\n    count()\n"), ""),
    "attribute of a local": ("import types", LOSS.format(body="    loss = types.SimpleNamespace()\n    loss.value = y * 2\n"), ""),
    "own generator": ("", LOSS.format(body="    y = y + 0.0 * np.random.default_rng(0).normal()\n"), ""),
    "np.random is another's": ("class np:\n    class random:\n        normal = staticmethod(lambda: 0.0)", LOSS.format(body="    y = y + np.random.normal()\n"), ""),
    "np.random was changed": ("", LOSS.format(body="    y = y + np.random.normal()\n"), "np.random.normal = lambda: 0.0"),
    "time that is not used": ("import time", LOSS.format(body="    start = time.perf_counter()\n"), ""),
    "logs what nobody reads": ("import logging", LOSS.format(body="    logging.info('step')\n"), ""),
    "a debug print that is the student's": ("class jax_debug:\n    print = str", LOSS.format(body="    jax_debug.print('x')\n"), ""),
    "generator": ("", "def loss_fn(params, x, y):\n    print('x')\n    yield 0\n", ""),
    "magics": ("%matplotlib inline\n!ls\ndef show(v):\n    pass", LOSS.format(body="    show(y)\n"), ""),
    "a cell that is no Python": ("def show(v:\n    print(v)", LOSS.format(body=""), ""),
}  # fmt: skip


@pytest.mark.parametrize("case", FINE)
def test_what_is_not_certain_is_not_said(case):
    """What a call might not meet, or what may mean something else, is left to capture."""
    assert found(*FINE[case]) == []


def test_modules_and_their_methods_are_read():
    """`__call__`, `setup` and the methods that they call belong to a module's answer."""
    network = (
        "class MLP(nn.Module):\n    def setup(self):\n        self.out = nn.Dense(1)\n        print('set up')\n"
        "    def __call__(self, x):\n        return self.last(x)\n"
        "    def last(self, x):\n        print('last')\n        return self.out(x)\n"
    )
    assert [finding.line for finding in found("", network, question="MLP")] == [4, 8]
    assert (
        source_findings(assignment("02_regression"), "loss_fn", sources_with("", network, question="MLP"))
        == []
    )


def test_magics_do_not_hide_a_print():
    """A cell with magics is read as IPython runs it, its lines counted as the student sees them."""
    (finding,) = found("", "%time 1\n" + LOSS.format(body="    print('hello')\n"))
    assert (finding.check, finding.line) == ("silent", 3)


def test_number_of_the_lesson_counts():
    """In 01_jax, reading a global number is what the assignment is about."""
    answer = "K = 3.0\ndef offset_polynomial(x, c):\n    return 2 * x**2 + K * x + c"
    spec = assignment("01_jax")
    assert {finding.check for finding in source_findings(spec, "offset_polynomial", [answer])} == {
        "reads_no_globals"
    }
    assert (
        source_findings(
            assignment("02_regression"), "loss_fn", [answer.replace("offset_polynomial", "loss_fn")]
        )
        == []
    )


@pytest.mark.parametrize("case", ["print", "mutable default", "global array", "appends to a global"])
def test_forged_facts_gain_nothing(notebook, case):
    """An artifact whose findings were taken out fails the same family: the source is read again."""
    before, answer, *_ = IMPURE[case]
    book = notebook("02_regression", before=before, loss_fn=answer)
    spec = assignment("02_regression")
    honest = capture(book.namespace, spec, ["loss_fn"], book.sources, needed=["MLP"])
    forged = dataclasses.replace(
        honest, questions=tuple(dataclasses.replace(question, findings=()) for question in honest.questions)
    )
    verdicts = [
        judge(Artifact.from_bytes(artifact.to_bytes()), ["loss_fn"], seed=3, sources=sources)["loss_fn"]
        for artifact, sources in ((honest, book.sources), (forged, book.sources), (forged, []))
    ]
    points = [verdict.points for verdict in verdicts]
    assert points[0] <= points[1] < points[2], [verdict.message for verdict in verdicts]


def test_what_capture_said_is_not_said_twice(notebook):
    """One print is one failed check with one message, capture's, which knows what was printed."""
    before, answer, *_ = IMPURE["print in a helper"]
    result = notebook("02_regression", before=before, loss_fn=answer).check("loss_fn")
    (failed,) = [check for check in result.checks if check.status == "fail"]
    assert (failed.name, failed.message.count("prints")) == ("prints_nothing", 1)
    assert "(512, 1)" in failed.message
