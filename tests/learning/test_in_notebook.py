"""Progress from inside a notebook: remembered in a student's own session, and nowhere else."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

import autograder
from autograder.errors import CheckError
from autograder.learning import in_notebook, progress
from autograder.wire.verdict import QuestionResult, Verdict

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"
PASSED = Verdict("02_regression", (QuestionResult("loss_fn", "pass", 3.0, 3.0),))


@pytest.fixture
def kernel(student, monkeypatch):
    """A shell of a kernel that Jupyter's server started for the student's notebook."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(student.notebook()))
    monkeypatch.setattr(in_notebook, "_KERNEL", {})
    return SimpleNamespace(kernel=object(), user_ns={})


def record(student, key="02_regression/loss_fn"):
    """What the folder remembers."""
    return progress.load(student.root)[key]


def test_check_is_remembered_with_the_answer_that_ran(student, kernel):
    """`status` then knows it: the fingerprint is that of the file, once it is saved."""
    in_notebook.remember_check(kernel, PASSED, {"loss_fn": LOSS})
    student.write(loss_fn=LOSS)
    assert record(student).passed(student.answers().fingerprint("loss_fn"))


def test_notebook_and_terminal_count_the_same_hints(student, kernel):
    """A hint that was read in the terminal is not given again in the notebook."""
    from autograder.learning.hints import remembered_hint
    from autograder.learning.outline import outline

    there = outline("02_regression")
    remembered_hint(student.root, there, there["loss_fn"])
    assert len(in_notebook.give_hint(kernel, "02_regression", "loss_fn", {}).shown) == 2
    assert record(student).hints == 2


def test_passed_in_this_kernel(kernel):
    """A hint for an answer that has just passed is not given at once."""
    in_notebook.remember_check(kernel, PASSED, {"loss_fn": LOSS})
    given = [in_notebook.give_hint(kernel, "02_regression", "loss_fn", {"loss_fn": LOSS}) for _ in range(2)]
    assert [hint.done for hint in given] == [True, False]


@pytest.mark.parametrize(
    "session",
    [
        {"kernel": None},  # IPython in a terminal, or the process that grades
        {"JPY_SESSION_NAME": None},  # nbclient: nbgrader's autograde and validate, the build
        {"JPY_SESSION_NAME": "/somewhere/else/02_regression.ipynb"},
        {"JPY_SESSION_NAME": "untitled.ipynb"},
    ],
)
def test_nothing_is_written_outside_a_session(student, kernel, monkeypatch, session):
    """Grading, validation, the build, other notebooks: hints still count up, in the kernel's memory."""
    before = (student.root / progress.PLACE).read_bytes()
    if "kernel" in session:
        kernel.kernel = None
    elif session["JPY_SESSION_NAME"] is None:
        monkeypatch.delenv("JPY_SESSION_NAME")
    else:
        monkeypatch.setenv("JPY_SESSION_NAME", session["JPY_SESSION_NAME"])
    in_notebook.remember_check(kernel, PASSED, {"loss_fn": LOSS})
    hints = [in_notebook.give_hint(kernel, "02_regression", "loss_fn", {}) for _ in range(2)]
    assert [len(hint.shown) for hint in hints] == [1, 2]
    assert (student.root / progress.PLACE).read_bytes() == before
    assert sorted(path.name for path in student.root.parent.iterdir()) == ["my_course"]


def test_student_without_a_folder_that_remembers(student, kernel):
    """Notebooks that came another way are not littered."""
    (student.root / progress.PLACE).unlink()
    (student.root / ".autograder").rmdir()
    in_notebook.remember_check(kernel, PASSED, {"loss_fn": LOSS})
    assert not (student.root / ".autograder").exists()


def test_visual_studio_code_names_its_notebook(student, kernel, monkeypatch):
    """There the kernel has no environment variable, but a name."""
    monkeypatch.delenv("JPY_SESSION_NAME")
    kernel.user_ns["__vsc_ipynb_file__"] = str(student.notebook())
    in_notebook.remember_check(kernel, PASSED, {"loss_fn": LOSS})
    assert record(student).status == "pass"


def test_foreign_file_is_endured(student, kernel):
    """A file of another program stays, and hints go on."""
    (student.root / progress.PLACE).write_text("[]")
    in_notebook.remember_check(kernel, PASSED, {"loss_fn": LOSS})
    hints = [in_notebook.give_hint(kernel, "02_regression", "update", {}) for _ in range(2)]
    assert [len(hint.shown) for hint in hints] == [1, 2]
    assert (student.root / progress.PLACE).read_text() == "[]"


def test_check_does_not_hang_on_progress(monkeypatch, capfd):
    """Whatever remembering raises, the check gives its score and says nothing about it."""

    def fail(*_):
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(in_notebook, "remember_check", fail)
    monkeypatch.setattr("autograder.grading.self_check.self_check", lambda *_: PASSED)
    monkeypatch.setattr("autograder.notebook.calls.SESSION.assignment", "02_regression")
    assert autograder.check("loss_fn") == 3.0
    assert capfd.readouterr().err == ""


def test_hint_prints_outside_a_notebook(capsys, monkeypatch):
    """In plain Python the hint is text."""
    monkeypatch.setattr(in_notebook, "_KERNEL", {})
    autograder.hint("MDN")
    assert "hint 1 of 3" in capsys.readouterr().out
    autograder.hint("04_mdn/loss_fn")
    assert 'One more: autograder.hint("04_mdn/loss_fn")' in capsys.readouterr().out


@pytest.mark.parametrize(("question", "says"), [("MDM", "did you mean `MDN`"), (print, r'hint\("print"\)')])
def test_hint_for_what_is_not_there(question, says):
    """A typo, or an object in place of its name, is told in one line."""
    with pytest.raises(CheckError, match=says):
        autograder.hint(question)


CELLS = {
    "setup": 'import autograder\nautograder.begin("02_regression", version=autograder.__version__)',
    "loss_fn": 'def loss_fn(params, x, y):\n    raise NotImplementedError("Task loss_fn: return the mean squared '
    'error of `model` with these parameters, a scalar.")',
    "check-loss_fn": 'autograder.check("loss_fn")',
    "own": 'autograder.hint("loss_fn")',
}


@pytest.mark.slow
@pytest.mark.parametrize("session", [True, False])
def test_real_kernel(student, session, monkeypatch):
    """In JupyterLab's kernel check and hint are remembered; in nbgrader's and the build's nothing is written."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    notebook = nbformat.v4.new_notebook(cells=[new_code_cell(text, id=name) for name, text in CELLS.items()])
    environment = os.environ | ({"JPY_SESSION_NAME": str(student.notebook())} if session else {})
    before = (student.root / progress.PLACE).read_bytes()
    client = NotebookClient(notebook, resources={"metadata": {"path": str(student.root)}})
    client.execute(env=environment)
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    table, hint = outputs
    assert "no answer yet" in table.data["text/html"]
    assert "hint 1 of 3" in hint.data["text/plain"]
    assert '<a href="#The-loss">' in hint.data["text/html"]
    if session:
        content = json.loads((student.root / progress.PLACE).read_text())
        assert content["questions"]["02_regression/loss_fn"]["status"] == "missing"
        assert content["questions"]["02_regression/loss_fn"]["hints"] == 1
    else:
        assert (student.root / progress.PLACE).read_bytes() == before
