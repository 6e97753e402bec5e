"""`autograder watch`, as a process of its own: a notebook is saved, and its answer is checked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from autograder.cli import app

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"
PATIENCE = 120  # seconds; a check takes a tenth of it
# The judge of tests/conftest.py's kind, in another process: at once, by reading.
QUICK = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started without it
from autograder.grading.grade import Graded
from autograder.learning import checking
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict

def grade(path, name, *, seed, questions=None):
    wrong = "jnp.sum" in path.read_text()
    check = CheckResult("mean", "correct", "fail" if wrong else "pass", "it sums" * wrong, title="Is a mean")
    return Graded(Verdict(name, tuple(
        QuestionResult(q, "fail" if wrong else "pass", 0.0 if wrong else 3.0, 3.0, checks=(check,)) for q in questions
    )))

checking.grade_notebook = grade
from autograder.cli import app
app(["watch", sys.argv[1]])
"""


@pytest.fixture
def watch(student, tmp_path):
    """A function that starts to watch; returns another one that waits for words in the output."""
    processes = []

    def start(*command):
        log = tmp_path / "watch.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *command, str(student.root)], stdout=output, stderr=subprocess.STDOUT
            )
        processes.append(process)

        def wait(words):
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                text = log.read_text(encoding="utf-8")
                if words in text:
                    return text
                assert process.poll() is None, text
                time.sleep(0.1)
            return pytest.fail(f"no `{words}` in:\n{log.read_text()}")

        wait.process, wait.log = process, log
        return wait

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_saved_notebook_is_checked_until_ctrl_c(watch, student):
    """A save by renaming is seen, the failure is shown, the repaired answer passes, Ctrl-C ends it quietly."""
    wait = watch("-c", QUICK)
    wait("Ctrl-C ends")
    student.write(loss_fn=LOSS.replace("mean", "sum"))
    text = wait("autograder hint 02_regression/loss_fn")
    assert "checking loss_fn" in text
    assert "First to mend: loss_fn, Is a mean\nit sums" in text
    student.write(loss_fn=LOSS)
    text = wait("✔ loss_fn")
    assert "Next: " in text[text.index("✔ loss_fn") :]
    wait.process.send_signal(signal.SIGINT)
    assert wait.process.wait(timeout=PATIENCE) == 0
    text = wait.log.read_text()
    assert text.endswith("No longer watching.\n")
    assert "Traceback" not in text


@pytest.mark.slow
def test_with_the_real_judge(watch, student):
    """The whole road: capture, judge, message."""
    wait = watch("-m", "autograder", "watch")
    wait("Ctrl-C ends")
    student.write(loss_fn=LOSS.replace("mean", "sum"))
    assert "The loss is wrong" in wait("A hint: autograder hint 02_regression/loss_fn")
    student.write(loss_fn=LOSS)
    wait("✔ loss_fn  3 of 3 points")


def test_nothing_to_watch(tmp_path):
    """A folder without notebooks is wrong usage."""
    result = CliRunner().invoke(app, ["watch", str(tmp_path)])
    assert result.exit_code == 2
    assert "autograder start DIR" in result.output


def test_help_is_quick():
    """`--help` imports neither JAX nor what watches files."""
    slow = {"jax", "IPython", "watchfiles", "nbgrader", "pytest"}
    code = f"import sys, autograder.cli; print({slow} & set(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert ended.stdout == "set()\n"
