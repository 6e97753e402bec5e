"""What a notebook says when a check cannot be done."""

from __future__ import annotations

import pytest

import autograder
from autograder.errors import CheckError
from autograder.exercises import assignment
from autograder.grading.self_check import self_check


def stop(what, done):
    """The stop button, pressed while a check reports how far it is."""
    raise KeyboardInterrupt


def test_stopping_a_check_is_no_failure_of_the_grader(notebook):
    """An interrupt that comes while a check runs gets through pytest, which would keep it."""
    book = notebook("04_mdn")
    with pytest.raises(KeyboardInterrupt):
        self_check(book.namespace, assignment(book.assignment), "estimate_mass", book.sources, 11, stop)


def test_stopped_check_says_so_in_one_line(monkeypatch):
    """The notebook shows one line, not pytest's traceback."""
    monkeypatch.setattr("autograder.grading.self_check.self_check", lambda *_: stop("", 0))
    with pytest.raises(CheckError, match="the check was interrupted; run the cell again"):
        autograder.check("MDN")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("MDM", r"did you mean `MDN`\?\). There are: .*04_mdn: MDN, loss_fn"),
        (stop, r'check\("stop"\)'),
        (None, r'in quotes: autograder.check\("\w+"\)'),
    ],
)
def test_wrong_name_is_told(question, words):
    """A typo is answered with the names that there are; an object with how to name it."""
    with pytest.raises(CheckError, match=words):
        autograder.check(question)
