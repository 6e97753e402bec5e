"""`autograder status`."""

from __future__ import annotations

import subprocess
import sys
import time

from typer.testing import CliRunner

from autograder.cli import app
from autograder.exercises import ASSIGNMENTS, assignment

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"
ALL = [question for name in ASSIGNMENTS for question in assignment(name).automatic]


def status(*arguments):
    """The command line, as a student calls it."""
    return CliRunner().invoke(app, ["status", *map(str, arguments)])


def line(result, question):
    """The first line of the output about a question."""
    return next(text for text in result.output.splitlines() if question in text.split())


def test_start(student):
    """Every assignment and question; what is next is the first."""
    result = status(student.root)
    assert result.exit_code == 0
    assert f"In all 0 of {len(ALL)} questions passed" in result.output
    assert "open" in line(result, "estimate_mass")
    first = next(
        name for name in ASSIGNMENTS if not student.notebook(name).exists() or name == "02_regression"
    )
    assert f"Next: {first}" in result.output


def test_after_some_work(student, graded, monkeypatch):
    """Not checked; passed, with its points; changed since; and where to go on."""
    monkeypatch.chdir(student.root)
    student.write(loss_fn=LOSS)
    assert "not checked yet" in line(status(), "loss_fn")
    assert "passed" in line(status("--check"), "loss_fn")
    assert "3 of 3" in line(status(), "loss_fn")
    student.write(loss_fn=LOSS + "  # really")
    assert "not as it was last checked" in line(status(), "loss_fn")


def test_check_leaves_untouched_notebooks_alone(student, graded):
    """Notebooks in which nothing was done are not run."""
    student.write(loss_fn=LOSS)
    status(student.root, "--check")
    assert [name for name, _ in graded] == ["02_regression"]


def test_hints_are_counted(student):
    """How often help was asked for."""
    CliRunner().invoke(app, ["hint", "MDN", "--dir", str(student.root)])
    assert "1 hint" in line(status(student.root), "MDN")


def test_missing_notebook(student):
    """A notebook that is away is said to be, with the command that brings it."""
    for name in ("02_regression", "04_mdn"):
        student.notebook(name).unlink()
    result = status(student.root)
    assert "the notebook is not here" in line(result, "MDN")
    assert f"autograder start {student.root}" in result.output


def test_no_folder(tmp_path):
    """A folder without notebooks is wrong usage."""
    result = status(tmp_path)
    assert result.exit_code == 2
    assert "autograder start DIR" in result.output


def test_imports_no_jax(student):
    """`status` reads: JAX, whose import takes a second, stays where it is."""
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom autograder.cli import app\n"
        f"result = CliRunner().invoke(app, ['status', {str(student.root)!r}])\n"
        "print(result.exit_code, 'jax' in sys.modules, 'IPython' in sys.modules)"
    )
    begin = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["0", "False", "False"]
    assert time.monotonic() - begin < 20  # seconds; half of one on a quiet machine
