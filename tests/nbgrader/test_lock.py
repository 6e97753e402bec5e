"""One run at a time."""

import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.nbgrader import lock
from autograder.nbgrader.course import CourseError
from autograder.nbgrader.lock import LockedError, alone, beside_others
from autograder.nbgrader.seeds import draw

HOLD = """
import sys, time
from pathlib import Path
from autograder.nbgrader.course import open_course
from autograder.nbgrader.lock import alone
with alone(open_course(Path(sys.argv[1]))):
    print("locked", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(course):
    """Another process that has the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(course.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.usefixtures("quick")
def test_second_run_is_refused_and_names_the_first(course, hand_in, holder):
    """It does nothing, says who is at work, and returns exit status 1."""
    hand_in("ada", "right/reference")
    before = (course.root / "gradebook.db").read_bytes()
    result = CliRunner().invoke(app, ["grade", "--course", str(course.root)])
    said = " ".join(result.output.split())
    assert result.exit_code == 1
    assert f"`autograder grade` is at work in this course: process {holder.pid} on" in said
    assert (course.root / "gradebook.db").read_bytes() == before


def test_lock_of_a_dead_process_is_no_lock(course, holder):
    """However it died."""
    with pytest.raises(LockedError), alone(course):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with alone(course):
        pass


def test_nbgrader_waits_for_no_one(course, holder):
    """Its own command judges beside others of its kind, but not while `autograder grade` works."""
    with pytest.raises(LockedError, match="at work in this course"), beside_others(course):
        pass
    holder.kill()
    holder.wait()
    with beside_others(course), beside_others(course):
        pass


def test_leftovers_are_swept(course):
    """Folders that a killed run has left are gone as soon as the next one begins."""
    (course.private / "staged-xyz" / "submitted").mkdir(parents=True)
    with alone(course):
        assert not (course.private / "staged-xyz").exists()


def test_patience(tmp_path):
    """Who waits gets the lock when it is free."""
    path = tmp_path / "lock"
    script = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX);"
        "print('x', flush=True); time.sleep(1)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        start = time.monotonic()
        with lock.locked(path, "a test", patience=30.0):
            assert time.monotonic() - start < 30
        process.wait()


def test_file_system_without_locks(course, monkeypatch):
    """Grading goes on there."""

    def flock(*_):
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with alone(course):
        pass


def test_damaged_notes_of_seeds_are_kept(course):
    """They cannot be made again: nothing is written over them."""
    path = course.private / "seeds.json"
    path.write_text('{"runs": [')
    with pytest.raises(CourseError, match="cannot be read"):
        draw(course, ["02_regression"], ["ada"])
    assert path.read_text() == '{"runs": ['


def test_seeds_drawn_at_the_same_time_are_all_noted(course):
    """By as many processes."""
    script = (
        "import sys; from pathlib import Path; from autograder.nbgrader.course import open_course;"
        "from autograder.nbgrader.seeds import draw;"
        "course = open_course(Path(sys.argv[1])); [draw(course, [], [sys.argv[2]]) for _ in range(5)]"
    )
    command = [sys.executable, "-c", script, str(course.root)]
    processes = [subprocess.Popen([*command, name]) for name in ("ada", "bob", "eve")]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    runs = json.loads((course.private / "seeds.json").read_text())["runs"]
    assert sorted(run["students"][0] for run in runs) == sorted(["ada", "bob", "eve"] * 5)
