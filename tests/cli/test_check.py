"""`autograder check`."""

from __future__ import annotations

import shutil

import pytest
from typer.testing import CliRunner

from autograder.cli import app, main
from autograder.grading.grade import Graded
from autograder.learning import progress
from autograder.wire.verdict import Verdict

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"


def check(*arguments):
    """The command line, as a student calls it."""
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_notebooks_here(student, graded, monkeypatch):
    """Without an argument it is the folder one is in; a hint is offered for what is first to mend."""
    monkeypatch.chdir(student.root)
    student.write(loss_fn=LOSS)
    result = check()
    assert result.exit_code == 0
    assert [name for name, _ in graded] == ["02_regression", "04_mdn"]
    assert "3 of 9" in result.output
    assert "`MLP` is taught in “A neural network is a function of its parameters”" in result.output
    assert "autograder hint 02_regression/MLP" in result.output


def test_is_remembered(student, graded):
    """`status` and `solution` know what a check said."""
    student.write(loss_fn=LOSS)
    check(student.notebook())
    assert progress.load(student.root)["02_regression/loss_fn"].status == "pass"


def test_renamed_copy(student, graded):
    """A notebook under another name is known by its `autograder.begin`; what it says is not remembered."""
    copy = student.root / "second try.ipynb"
    shutil.copy(student.notebook("04_mdn"), copy)
    assert check(copy).exit_code == 0
    assert graded == [("04_mdn", None)]
    assert progress.load(student.root).records == {}


@pytest.mark.parametrize("where", ["", "notes.txt", "other.ipynb"])
def test_nothing_to_check(tmp_path, where):
    """No notebook of the course is wrong usage, whatever else is there."""
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "other.ipynb").write_text('{"cells": []}')
    result = check(tmp_path / where)
    assert result.exit_code == 2
    assert "no notebook of the course" in result.output
    assert "autograder start DIR" in result.output


def test_grader_that_fails(student, monkeypatch):
    """A failure of ours is exit status 1 and is not remembered."""
    failed = Graded(Verdict("02_regression", (), error="the judge died"))
    monkeypatch.setattr("autograder.learning.checking.grade_notebook", lambda *_, **__: failed)
    result = check(student.notebook())
    assert result.exit_code == 1
    assert "the judge died" in result.output
    assert progress.load(student.root).records == {}


def test_grader_that_raises(student, monkeypatch):
    """A bug of ours is one line, too."""
    monkeypatch.setattr("autograder.learning.checking.grade_notebook", lambda *_, **__: 1 / 0)
    result = check(student.notebook())
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.output
    assert "Traceback" not in result.output


def test_bug_anywhere_is_one_line(monkeypatch, capsys):
    """No traceback reaches a student from any command, unless it is asked for."""
    monkeypatch.setattr("sys.argv", ["autograder", "check"])
    monkeypatch.setattr("autograder.learning.folder.notebooks", lambda _: 1 / 0)
    monkeypatch.delenv("AUTOGRADER_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(
        "The autograder itself failed, through no fault of yours: ZeroDiv"
    )
    monkeypatch.setenv("AUTOGRADER_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main()


def test_no_such_file(tmp_path):
    """A slip in the name is said to be one."""
    result = check(tmp_path / "04_mnd.ipynb")
    assert result.exit_code == 2
    assert "there is no" in result.output


def test_notebook_by_the_name_of_its_assignment(student, graded, monkeypatch):
    """`04_mdn` is meant for `04_mdn.ipynb`, where there is no such folder."""
    monkeypatch.chdir(student.root)
    assert check("04_mdn").exit_code == 0
    assert [name for name, _ in graded] == ["04_mdn"]
