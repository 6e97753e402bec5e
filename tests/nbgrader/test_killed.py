"""A coordinator that is killed at any moment, and started again."""

import hashlib
import io
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook
from rich.console import Console

from autograder.grading.grade import grade_notebook
from autograder.nbgrader.course import open_course
from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import read

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on this system")
HERE = Path(__file__).parent
SUBMISSIONS = HERE.parent / "submissions"
STUDENTS = ("ada", "bob", "eve")
BEFORE, AFTER = {"ada": 9.0, "bob": 6.0, "eve": 0.0}, {"ada": 6.0, "bob": 9.0, "eve": 9.0}


def grade_quickly(root):
    """In a process of its own: grade the course in `root` as the command does, with a judge that only reads."""
    os.setsid()
    sys.path.insert(0, str(HERE))
    from quick import quick_judge  # type: ignore[import-not-found]

    from autograder.cli import class_run
    from autograder.nbgrader import grade
    from autograder.sandbox.local import NO_ISOLATION

    class_run.choose = lambda name, hidden: NO_ISOLATION
    grade.grade_notebook = quick_judge
    console = Console(file=io.StringIO())
    class_run.run_class(class_run.ClassRun(root, jobs=2, json=root / "results.json"), console)


@pytest.fixture(scope="module")
def start():
    """A function that starts `grade_quickly` in a new process, which need not import anything any more."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["autograder.cli.class_run", "autograder.nbgrader.handed_in", "autograder.exercises.mdn"]
    )

    def start(root):
        process = context.Process(target=grade_quickly, args=(root,))
        process.start()
        return process

    return start


def hand_in_all(hand_in, points):
    """Hand in what earns these points."""
    names = {9.0: "right/reference", 6.0: "wrong/loss_sum", 0.0: "broken/stub"}
    for student, earned in points.items():
        hand_in(student, names[earned])


def hashes(folder):
    """Every file with a hash of its bytes."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def scores(course):
    """What the gradebook has of each student's automatic cells: the sum, or None while they wait to be graded.

    Anything between, a part of the cells with a score, is half a grade.
    """
    with Gradebook(course.database) as gradebook:
        found = {}
        submissions = [s for a in gradebook.assignments for s in a.submissions]
        assert len({(s.assignment.name, s.student.id) for s in submissions}) == len(submissions)
        for submission in submissions:
            grades = [g for n in submission.notebooks for g in n.grades if g.name.startswith("check-")]
            given = [grade.auto_score for grade in grades if not grade.needs_manual_grade]
            assert len(given) in {0, len(grades)}, f"half a grade: {given}"
            assert all(grade.auto_score is None for grade in grades) or given
            found[submission.student.id] = sum(given) if given else None
        return found


def assert_sound(course, submitted, allowed):
    """What must hold whenever nobody is at work."""
    database = course.root / "gradebook.db"
    if database.exists():
        with sqlite3.connect(database) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for student, score in scores(course).items():
            assert score in allowed[student], (student, score)
    for path in (course.root / "autograded").rglob("*.ipynb"):
        nbformat.read(path, as_version=4)
    for path in (course.root / "feedback").rglob("*.html"):
        assert path.read_text().rstrip().endswith("</html>")
    if (course.root / "results.json").exists():
        json.loads((course.root / "results.json").read_text())
    assert hashes(course.submitted) == submitted


def assert_done(course, expected):
    """After a run that nobody killed."""
    assert scores(course) == expected
    runs = json.loads((course.root / "results.json").read_text())["assignment_runs"]
    assert {run["student"]: run["score"] for run in runs} == expected
    for step, suffix in (("autograded", "ipynb"), ("feedback", "html")):
        files = sorted((course.root / step).rglob(f"*.{suffix}"))
        assert [path.relative_to(course.root / step).parts[0] for path in files] == list(STUDENTS)
    left = {path.name for path in course.private.iterdir()}
    assert left <= {"seeds.json", "seeds.lock", "lock"}, left


def finish(process, course):
    """Wait for a process that is not killed."""
    process.join(120)
    assert process.exitcode == 0


def kill_at_random(start, course, rng, times, allowed):
    """Start and kill; returns how many were killed before they were done."""
    submitted, killed = hashes(course.submitted), 0
    began = time.monotonic()
    finish(start(course.root), course)
    lasts = time.monotonic() - began
    for _ in range(times):
        process = start(course.root)
        time.sleep(rng.uniform(0.02, 1.1) * lasts)
        if process.is_alive():
            killed += 1
            os.kill(process.pid, signal.SIGKILL)
        process.join(60)
        assert_sound(course, submitted, allowed)
    return killed


@pytest.mark.parametrize("times", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_killed_again_and_again(course, hand_in, start, times):
    """Between kills every grade is whole, of an earlier run, of this one, or none; at the end all are there, once."""
    hand_in_all(hand_in, BEFORE)
    finish(start(course.root), course)
    assert_done(course, BEFORE)
    hand_in_all(hand_in, AFTER)
    allowed = {student: {None, BEFORE[student], AFTER[student]} for student in STUDENTS}
    assert kill_at_random(start, course, random.Random(4), times, allowed)
    finish(start(course.root), course)
    assert_done(course, AFTER)


@pytest.mark.slow
def test_killed_while_the_gradebook_is_made(tmp_path, hand_in, start):
    """A course that has no gradebook yet; each time from the beginning."""
    hand_in_all(hand_in, AFTER)
    rng = random.Random(7)
    course = open_course(tmp_path / "course")
    began = time.monotonic()
    finish(start(course.root), course)
    lasts = time.monotonic() - began
    for _ in range(10):
        (course.root / "gradebook.db").unlink(missing_ok=True)
        process = start(course.root)
        time.sleep(rng.uniform(0.02, 0.6) * lasts)
        os.kill(process.pid, signal.SIGKILL)
        process.join(60)
        finish(start(course.root), course)
        assert_done(course, AFTER)


def test_what_is_left_is_said(course, hand_in, start, capsys):
    """A run that was killed is not forgotten by one that grades somebody else."""
    from autograder.nbgrader import unfinished

    hand_in_all(hand_in, BEFORE)
    unfinished.begin(course, course.handed_in())
    for item in course.handed_in(student="ada"):
        unfinished.begin(course, []).graded(item)
    assert [item.student for item in unfinished.left(course)] == ["bob", "eve"]
    finish(start(course.root), course)
    assert unfinished.left(course) == []


def test_note_that_cannot_be_read_is_none(course, hand_in):
    """Half a file, or one of somebody else, stops nothing."""
    from autograder.nbgrader import unfinished

    hand_in("ada", "right/reference")
    (course.private / "unfinished.json").write_text('[["02_regression", "ada"], [')
    assert unfinished.left(course) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_killed_capture_or_judge_costs_nothing(isolation, tmp_path, seed):
    """One of them killed from outside, at any moment: the same points as if nothing had happened."""
    path = tmp_path / "02_regression.ipynb"
    write(read(SUBMISSIONS / "02_regression/right/reference.py"), path)
    rng, stop, killed = random.Random(seed), threading.Event(), []

    def kill_one():
        # Some are killed while they import, some later; the second process that is seen may be the judge.
        for _ in range(rng.choice((1, 2))):
            _wait_for_a_sandbox(stop)
            stop.wait(rng.uniform(0.0, 15.0))
        for child in psutil.Process().children():
            if child.name() == isolation.name and not stop.is_set():
                killed.append(child.pid)
                (rng.choice([child, *child.children(recursive=True)])).kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    verdict = grade_notebook(path, "02_regression", seed=seed, isolation=isolation).verdict
    stop.set()
    killer.join()
    assert verdict.error == ""
    assert (verdict.score, len(killed) <= 1) == (9.0, True)


def _wait_for_a_sandbox(stop):
    while not stop.is_set() and not any(child.name() == "bwrap" for child in psutil.Process().children()):
        time.sleep(0.02)
