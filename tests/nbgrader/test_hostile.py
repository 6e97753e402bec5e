"""Attacks gain nothing and do no harm: real submissions, graded by the real command in the sandbox, in processes."""

import os
import subprocess
import sys

import pytest
from attack_list import ATTACKS, KINDS
from attacked import attacked, grade, surprises
from harm import State, active_content, grades_of, left_behind, loot
from trap import Trap

from autograder.sandbox.choice import attempts

# Roads to points and to harm: a forged artifact, the gradebook, the network, the feedback.
QUICK = ["artifact_forged", "gradebook_written", "network_answers", "html_active"]

pytestmark = pytest.mark.skipif(
    all(attempt.problem for attempt in attempts()), reason="no isolation works on this machine"
)


@pytest.fixture
def trap(tmp_path):
    """A course with secrets and an honest student, on a machine that listens."""
    trap = Trap(tmp_path)
    trap.lay()
    with trap.listening():
        trap.hand_in_honestly("honest", "02_regression")
        yield trap


def complaints(trap, attacks):
    """Everything that is not as it should be, by student."""
    graded, found = attacked(trap, attacks)
    for attack in attacks:
        if wrong := list(surprises(attack, graded.runs[attack.name])):
            found.setdefault(attack.name, []).extend(wrong)
    return found


def test_a_class_with_attackers(trap):
    """A few attacks of different kinds beside an honest student."""
    assert complaints(trap, [ATTACKS[name] for name in QUICK]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=[kind.replace(" ", "_") for kind in KINDS])
def test_attacks_gain_nothing_and_do_no_harm(trap, kind):
    """All attacks of a kind, in one class with an honest student who has her grade already."""
    grade(trap, "--student", "honest")
    assert complaints(trap, [attack for attack in ATTACKS.values() if attack.kind == kind]) == {}


@pytest.mark.slow
def test_terminal_shows_an_attackers_report(trap):
    """The report on one student, messages included, commands no terminal."""
    attack = ATTACKS["terminal_commanded"]
    attack.hand_in(trap)
    said = grade(trap, "--student", attack.name).said
    assert "redgnorw" in said  # the attack's words, not the grader's, in whatever lines they are
    assert list(active_content(trap, attack.name, said)) == []


@pytest.mark.slow
def test_an_earlier_grade_does_not_survive(trap):
    """Who handed in the right answers once, and now what kills its process, has what is handed in now."""
    trap.hand_in_honestly("kills_group", "02_regression")
    assert grade(trap).runs["kills_group"]["score"] == 9
    ATTACKS["kills_group"].hand_in(trap)
    assert grade(trap).runs["kills_group"]["score"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gradebook_written", "neighbours_read", "daemon_left", "network_answers"])
def test_nbgraders_own_autograde_is_sandboxed_too(trap, name):
    """`nbgrader autograde` with our configuration: the same attacks, nothing gained, nothing harmed."""
    grade(trap, "--student", "honest")
    ATTACKS[name].hand_in(trap)
    before = State.of(trap, [name])
    programs = os.path.dirname(sys.executable)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "02_regression", f"--student={name}"],
        cwd=trap.course,
        env=trap.environment() | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert {points for cell, points in grades_of(trap)[name].items() if cell.startswith("check-")} == {0}
    harm = [*loot(trap, name), *left_behind(trap), *trap.calls, *before.changes(State.of(trap, [name]))]
    assert harm == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "student", ["=1+1", "<img src=x onerror=alert(1)>", "a\x1b[31mb", "--help", "%s {0} '; --"]
)
def test_names_of_students_are_text(trap, student):
    """A folder's name is shown as it is, and runs nowhere: as a formula, as HTML, as an escape code or an option."""
    trap.hand_in(student, ATTACKS["prints_the_points"].submission)
    graded = grade(trap)
    assert graded.runs["honest"]["score"] == 9
    assert graded.runs[student]["score"] in (0, None)
    assert list(active_content(trap, student, graded.said)) == []


def test_there_are_enough_attacks():
    """At least 40, of many kinds; each says what it tries."""
    assert len(ATTACKS) >= 40
    assert len(KINDS) >= 15
    assert all(attack.story for attack in ATTACKS.values())
