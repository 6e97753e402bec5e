"""No space left, and a course that cannot be written to: real file systems, made small or read-only by bubblewrap."""

import ast
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_killed import AFTER, BEFORE, assert_done, assert_sound, hand_in_all, hashes

from autograder.sandbox.choice import attempts

HERE = Path(__file__).parent
MB = 1_000_000


@pytest.fixture
def inside(course, tmp_path):
    """A function that calls one of this module with the course, in a file system of its own."""
    binary = next((a.isolation.binary for a in attempts("bwrap") if not a.problem), None)
    if binary is None:
        pytest.skip("; ".join(f"{a.what}: {a.problem}" for a in attempts("bwrap")))

    def inside(function, *mounts):
        code = f"import test_full_disk as it; it.{function}({str(course.root)!r})"
        command = [
            binary,
            "--dev-bind",
            "/",
            "/",
            *mounts,
            "--chdir",
            str(HERE),
            "--",
            sys.executable,
            "-c",
            code,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return ast.literal_eval(done.stdout.splitlines()[-1])

    return inside


def grade(root, json="results.json"):
    """What `autograder grade` says when it stops; nothing if it does not."""
    from quick import quick_judge
    from rich.console import Console

    from autograder.cli import class_run
    from autograder.nbgrader import grade
    from autograder.sandbox.local import NO_ISOLATION

    class_run.choose = lambda name, hidden: NO_ISOLATION
    grade.grade_notebook = quick_judge
    try:
        class_run.run_class(
            class_run.ClassRun(root, jobs=2, json=json and root / json), Console(file=io.StringIO())
        )
    except class_run.StoppedError as stopped:
        return str(stopped)
    return ""


def fill_and_grade(root):
    """On a small disk: with less and less room, then with enough."""
    from autograder.nbgrader.course import open_course

    small = Path("/mnt/course")
    shutil.copytree(root, small)
    course, said = open_course(small), []
    submitted = hashes(course.submitted)
    filler = Path("/mnt/filler")
    for left in (6_000_000, 4_300_000, 1_000_000, 200_000, 20_000, 0):
        _fill(filler, left)
        said.append(grade(small))
        assert_sound(course, submitted, {name: {None, BEFORE[name], AFTER[name]} for name in AFTER})
        filler.unlink()
    assert grade(small) == ""
    assert_done(course, AFTER)
    print(said)


def _fill(filler, left):
    """Leave so many bytes."""
    with filler.open("wb") as file:
        try:
            while True:
                file.write(bytes(100_000))
                file.flush()
        except OSError:
            pass
    with filler.open("r+b") as file:
        file.truncate(max(0, filler.stat().st_size - left))


def grade_read_only(root):
    """Where nothing can be written."""
    print([grade(Path(root), json=None)])


def test_full_disk(course, hand_in, inside):
    """Each time one clear sentence; nothing is lost, and with room all are graded."""
    hand_in_all(hand_in, AFTER)
    said = inside("fill_and_grade", "--size", str(40 * MB), "--tmpfs", "/mnt")
    assert len(said) == 6
    for sentence in said[2:]:
        assert "No space left on device" in sentence or "disk is full" in sentence, said
        assert "grade again" in sentence


def test_read_only_course(course, hand_in, inside):
    """Not even a temporary file is left."""
    hand_in_all(hand_in, AFTER)
    course.private  # noqa: B018 (makes the folder)
    before = hashes(course.root)
    (sentence,) = inside("grade_read_only", "--ro-bind", str(course.root), str(course.root))
    assert "Read-only file system" in sentence
    assert hashes(course.root) == before
