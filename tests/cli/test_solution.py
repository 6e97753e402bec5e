"""`autograder solution`."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from autograder import places
from autograder.cli import app

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"
REFERENCE = "return jnp.mean((prediction - y) ** 2)"


def solution(*arguments):
    """The command line, as a student calls it."""
    return CliRunner().invoke(app, ["solution", *map(str, arguments)])


def test_open_question_keeps_its_secret(student, graded):
    """Before any try there is a hint and a way to give up, and nothing is checked."""
    result = solution("02_regression/loss_fn", "--dir", student.root)
    assert result.exit_code == 1
    assert REFERENCE not in result.output
    assert "is still open" in result.output
    assert "autograder hint 02_regression/loss_fn" in result.output
    assert "autograder solution 02_regression/loss_fn --give-up" in result.output
    assert graded == []


def test_giving_up_shows_it(tmp_path, monkeypatch):
    """Anywhere, with the prose that leads to it."""
    monkeypatch.chdir(tmp_path)
    result = solution("loss_fn", "--assignment", "02_regression", "--give-up")
    assert result.exit_code == 0
    assert REFERENCE in result.output
    assert "Why: The loss" in result.output
    assert result.output.index("mean squared error over a batch") < result.output.index(REFERENCE)
    assert "SOLUTION" not in result.output


def test_wrong_answer_is_checked_and_told(student, graded):
    """What fails is said; the solution stays hidden."""
    student.write(loss_fn=LOSS.replace("mean", "sum"))
    result = solution("02_regression/loss_fn", "--dir", student.root)
    assert result.exit_code == 1
    assert "does not pass yet: it sums" in result.output
    assert REFERENCE not in result.output
    assert graded == [("02_regression", ["loss_fn"])]


def test_right_answer_is_checked_once(student, graded):
    """An answer that passed and has not changed since is not checked again."""
    student.write(loss_fn=LOSS)
    for _ in range(2):
        result = solution("02_regression/loss_fn", "--dir", student.root)
        assert result.exit_code == 0
        assert REFERENCE in result.output
    assert len(graded) == 1
    student.write(loss_fn=LOSS.replace("mean", "sum"))
    assert solution("02_regression/loss_fn", "--dir", student.root).exit_code == 1


def test_written_answer(student):
    """For a question that a person marks one's own answer must be there first."""
    assert solution("explain_bias", "--dir", student.root).exit_code == 1
    student.write(explain_bias="It is the prior.")
    result = solution("explain_bias", "--dir", student.root)
    assert result.exit_code == 0
    assert "Bayes" in result.output


@pytest.mark.parametrize("options", [[], ["--give-up"]])
def test_withheld_solutions(student, tmp_path, monkeypatch, options):
    """An instructor may leave the solutions out of the package: that is said, and hints go on."""
    package = tmp_path / "site-packages" / "autograder"
    release = package / "data" / "release"
    release.mkdir(parents=True)
    for name in ("02_regression", "04_mdn"):
        (release / name).mkdir()
        (release / name / f"{name}.ipynb").write_bytes(student.notebook(name).read_bytes())
    monkeypatch.setattr(places, "PACKAGE", package)
    monkeypatch.chdir(student.root)
    result = solution("MDN", *options)
    assert result.exit_code == 1
    assert "your instructor keeps them back" in result.output


def test_long_lines_are_not_cut(tmp_path, monkeypatch):
    """Code is for copying: no line is cut or broken, however narrow the terminal."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.chdir(tmp_path)
    code = solution("MDN", "--give-up").output
    assert "            mixture_distribution=tfd.Categorical(logits=logits),\n" in code


def test_formulas_are_as_they_are_written():
    """Markdown leaves no comma where a thin space was."""
    output = solution("explain_bias", "--give-up").output
    assert "p(y | x)" in " ".join(output.split())
    assert "(y,|,x)" not in output
