"""What a save brings about."""

from __future__ import annotations

import pytest

from autograder.learning.checking import check_notebook
from autograder.learning.folder import notebooks
from autograder.learning.watching import Watcher

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"
NETWORK = "class MLP(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        return nn.Dense(1)(x)"


class Silent:
    """A screen that keeps what it is told."""

    def __init__(self):
        self.said = []

    def checking(self, path, questions):
        self.said.append(questions)

    def show(self, path, verdict):
        self.said.append({result.name: result.status for result in verdict.questions})

    def unreadable(self, path, reason):
        self.said.append(reason)


@pytest.fixture
def watcher(student, graded):
    """A watcher that has looked once."""
    watcher = Watcher(lambda: notebooks(student.root), Silent())
    watcher.look()
    return watcher


def test_nothing_to_check(watcher, graded):
    """Stubs are not checked."""
    assert graded == []


def test_save_without_a_change_checks_nothing(watcher, student, graded):
    """JupyterLab saves every two minutes, and a plot of one's own is no answer."""
    student.write()
    student.write(own="plt.plot(x_train)")
    watcher.look()
    assert graded == []


def test_changed_answer_is_checked_alone(watcher, student, graded):
    """Of seven questions the one that was written."""
    student.write(loss_fn=LOSS)
    watcher.look()
    assert graded == [("02_regression", ["loss_fn"])]
    assert watcher._screen.said == [["loss_fn"], {"loss_fn": "pass"}]
    watcher.look()
    assert len(graded) == 1


def test_answers_that_need_it_are_checked_too(watcher, student, graded):
    """A new network may break the loss; the update is still a stub, so it is left."""
    student.write(loss_fn=LOSS)
    watcher.look()
    student.write(MLP=NETWORK)
    watcher.look()
    assert graded[-1] == ("02_regression", ["MLP", "loss_fn"])


def test_starts_with_what_changed_since_the_last_check(student, graded):
    """What was checked in the notebook is not checked again; what was edited since is."""
    student.write(loss_fn=LOSS, MLP=NETWORK)
    check_notebook(student.notebook(), "02_regression")
    student.write(MLP=NETWORK.replace("Dense(1)", "Dense(2)"))
    graded.clear()
    Watcher(lambda: notebooks(student.root), Silent()).look()
    assert graded == [("02_regression", ["MLP", "loss_fn"])]


def test_notebook_in_the_middle_of_being_written(watcher, student, graded):
    """Half a file is said to be unreadable, and the next save is looked at as ever."""
    whole = student.notebook().read_bytes()
    student.notebook().write_text('{"cells": [')
    watcher.look()
    assert "is no JSON" in watcher._screen.said[-1]
    assert graded == []
    student.notebook().write_bytes(whole)
    student.write(loss_fn=LOSS)
    watcher.look()
    assert graded == [("02_regression", ["loss_fn"])]


def test_only_the_notebooks_wake_it(watcher):
    """Checkpoints, temporary files and plots do not."""
    wakes = {
        name: watcher._is_ours(None, f"/home/ada/{name}")
        for name in ("02_regression.ipynb", ".~02_regression.ipynb", "plot.png")
    }
    assert wakes == {"02_regression.ipynb": True, ".~02_regression.ipynb": False, "plot.png": False}
