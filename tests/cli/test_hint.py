"""`autograder hint`."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.exercises import assignment

HINTS = assignment("04_mdn")["MDN"].hints


def hint(*arguments):
    """The command line, as a student calls it."""
    return CliRunner().invoke(app, ["hint", *map(str, arguments)])


def test_one_more_at_each_call(student, monkeypatch):
    """In the folder itself, or anywhere below it."""
    monkeypatch.chdir(student.root)
    assert HINTS[0] in hint("MDN").output
    (student.root / "notes").mkdir()
    monkeypatch.chdir(student.root / "notes")
    second = hint("MDN").output
    assert HINTS[1] in second
    assert "hint 2 of 3" in second
    assert "One more: autograder hint 04_mdn/MDN" in second


def test_folder_by_name(student):
    """From elsewhere the folder is named, and what to type next names it too."""
    result = hint("MDN", "--dir", student.root)
    assert result.exit_code == 0
    assert f"One more: autograder hint 04_mdn/MDN --dir {student.root}" in result.output


def test_name_that_is_used_twice(student):
    """`loss_fn` is in two notebooks: the message says how to tell them apart, and either way works."""
    result = hint("loss_fn", "--dir", student.root)
    assert result.exit_code == 2
    assert "write `02_regression/loss_fn`" in result.output
    assert "or `04_mdn/loss_fn`" in result.output
    by_slash = hint("04_mdn/loss_fn", "--dir", student.root)
    by_option = hint("loss_fn", "--assignment", "04_mdn", "--dir", student.root)
    assert "hint 1 of 3" in by_slash.output
    assert "hint 2 of 3" in by_option.output


@pytest.mark.parametrize("question", ["MDM", "03_likelihoods/x", ""])
def test_unknown_question_is_wrong_usage(student, question):
    """Exit status 2, and the names that there are."""
    result = hint(question, "--dir", student.root)
    assert result.exit_code == 2
    assert "There are: " in result.output or "there are " in result.output


def test_outside_of_any_folder(tmp_path, monkeypatch):
    """Where hints cannot be counted the command says where to go."""
    monkeypatch.chdir(tmp_path)
    result = hint("MDN")
    assert result.exit_code == 2
    assert "not one with the course's notebooks" in result.output
    assert "autograder start DIR" in result.output


def test_file_that_cannot_be_written(student):
    """The hint comes all the same, with a word about the next one."""
    (student.root / ".autograder" / "progress.json").write_text('{"format_version": 99}')
    result = hint("MDN", "--dir", student.root)
    assert result.exit_code == 0
    assert HINTS[0] in result.output
    assert "the next call cannot know" in result.output


def test_without_a_name_it_is_for_what_is_next(student):
    """The first question that is open, in a notebook that is there; it is named, so that nobody wonders."""
    result = hint("--dir", student.root)
    assert result.exit_code == 0
    assert "`02_regression/MLP`: hint 1 of 3" in result.output
    assert "`04_mdn/MDN`: hint 1 of 3" in hint("--assignment", "04_mdn", "--dir", student.root).output
