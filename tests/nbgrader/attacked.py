"""Grade a trapped course with the real command, and say what attacks gained and what they did."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attack_list import Attack
from harm import State, active_content, left_behind, loot
from trap import Trap

from autograder.exercises import assignment

IMPATIENT = Path(__file__).with_name("impatient.py")
# One submission, with every new try that the limits of `impatient.py` allow.
SECONDS = 400


@dataclass(frozen=True)
class Graded:
    """One run of the command: what it printed, and the runs of results.json by student."""

    said: str
    runs: Mapping[str, Mapping[str, Any]]


def grade(trap: Trap, *options: str | int, submissions: int = 1) -> Graded:
    """Run `autograder grade` on the course; it must work, whatever was handed in.

    Raises:
        RuntimeError: it did not.
        subprocess.TimeoutExpired: nor did it end.
    """
    results = trap.course / "results.json"
    command = [
        sys.executable,
        IMPATIENT,
        "grade",
        "--course",
        trap.course,
        "--seed",
        trap.seed,
        "--json",
        results,
    ]
    done = subprocess.run(
        [str(word) for word in (*command, *options)],
        env=trap.environment(),
        capture_output=True,
        text=True,
        timeout=120 + SECONDS * submissions,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"exit status {done.returncode}: {(done.stdout + done.stderr)[-3000:]}")
    runs = json.loads(results.read_text())["assignment_runs"]
    return Graded(done.stdout + done.stderr, {run["student"]: run for run in runs})


def attacked(trap: Trap, attacks: Sequence[Attack], jobs: int = 2) -> tuple[Graded, dict[str, list[str]]]:
    """Hand in the attacks, grade the class, and list by student what was stolen, run or spoilt; "the class" is last."""
    for attack in attacks:
        attack.hand_in(trap)
    names = [attack.name for attack in attacks]
    before = State.of(trap, names)
    graded = grade(trap, "--jobs", jobs, submissions=len(attacks) + 1)
    harm = {attack.name: list(harm_of(trap, attack, graded)) for attack in attacks}
    harm["the class"] = [*left_behind(trap), *trap.calls, *before.changes(State.of(trap, names))]
    for student, run in graded.runs.items():
        if student not in names and (run["status"], run["score"]) != ("graded", run["max_score"]):
            harm["the class"].append(f"{student} has {run['score']}, {run['status']}: {run['message']}")
    return graded, {name: what for name, what in harm.items() if what}


def harm_of(trap: Trap, attack: Attack, graded: Graded) -> Iterator[str]:
    """What an attack made of its own results."""
    run = graded.runs[attack.name]
    if run["status"] != "graded":
        yield f"the grader failed: {run['message']}"
    yield from loot(trap, attack.name, graded.said)
    yield from active_content(trap, attack.name, graded.said)
    yield from active_content(trap, attack.name, json.dumps(run, ensure_ascii=False))


def surprises(attack: Attack, run: Mapping[str, Any]) -> Iterator[str]:
    """Where a verdict is not the one that the header of the attack says.

    Of answers without points it may say fail, error or missing: what an attack breaks of its own process may be seen
    sooner or later.
    """
    results = {question["name"]: question for question in run["questions"]}
    for question in assignment(attack.assignment).questions if results else ():
        expected, result = attack.submission.expected(question.name), results[question.name]
        message = " ".join([result["message"], *(check["message"] for check in result["checks"])])
        as_expected = result["status"] == expected.status
        if round(result["points"], 6) != expected.points or (expected.points and not as_expected):
            yield f"{question.name}: {result['status']} {result['points']} instead of {expected}: {message}"
        elif as_expected and not all(word.lower() in message.lower() for word in expected.says):
            yield f"{question.name}: it says {message!r}, not {expected.says}"
