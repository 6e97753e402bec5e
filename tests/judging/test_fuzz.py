"""The fuzzing of benchmarks/fuzz_*.py, for less long: parsers and judge against mutants."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from random import Random

import fuzz_containers
import fuzz_programs
import fuzz_schemas
import pytest

from autograder.exercises import assignment
from autograder.grading.judging import judge
from autograder.grading.limits import STANDARD
from autograder.sandbox.local import NO_ISOLATION
from autograder.wire.artifact import Artifact, CapturedQuestion, Module


def test_containers_and_verdicts():
    """Of a thousand mutants none crashes a parser, none takes long, and none that is malformed is let in."""
    report = fuzz_containers.fuzz(1_000, seed=1)
    assert report.faults == []
    assert report.total("refused") > 800
    assert report.total("accepted") > 5  # some values are as good as those that were there


def test_independent_look_sees_what_is_wrong():
    """The look that judges the parsers is strict itself."""
    for target in fuzz_containers.targets():
        for name, mutation in target.mutations.items():
            mutants = [mutation(target.good, Random(f"{name} {n}")) for n in range(30)]
            changed = [mutant for mutant in mutants if mutant != target.good]
            assert any(_looks_wrong(target, mutant) for mutant in changed), (target.name, name)


def _looks_wrong(target: fuzz_containers.Target, data: bytes) -> bool:
    try:
        target.look(data)
    except Exception:
        return True
    return False


@pytest.mark.parametrize("words", [{"points": 9.0}, {"points": True}, {"bonus": 1}, {"status": "excellent"}])
def test_schema_of_a_verdict_refuses(words):
    """More points than there are, other types, other fields, other words."""
    verdict = json.loads(fuzz_containers.a_verdict())
    verdict["questions"][0].update(words)
    with pytest.raises(Exception):  # noqa: B017, PT011 - jsonschema's or an assertion
        fuzz_schemas.look_at_verdict(json.dumps(verdict).encode())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are tried in forked processes")
@pytest.mark.slow
def test_programs():
    """Every mutated program ends in one word, and the judge raises nothing that it should not."""
    # In a process whose JAX has not started: the mutants' processes are forked from it.
    command = [sys.executable, fuzz_programs.__file__, "--count", "60", "--seed", "2", "--judged", "1"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    row = next(line for line in ended.stdout.splitlines() if line.startswith("| all |"))
    total, *counts = (int(number) for number in row.strip("| ").split("|")[1:])
    found = dict(zip(fuzz_programs.OUTCOMES, counts, strict=True))
    assert total == sum(counts) == 60
    assert min(found["refused by the verification"], found["refused by the parser"]) > 0
    assert found["raised"] == 0


def test_outcomes_are_told_apart():
    """A signal, a limit and a word are three things."""
    assert fuzz_programs.outcome("made\nran", 0, False) == "ran"
    assert fuzz_programs.outcome("made\n", 11, False) == "crashed: signal 11"
    assert fuzz_programs.outcome("", 11, False) == "not written"
    assert fuzz_programs.outcome("made\n", 9, True) == "timed out"
    assert fuzz_programs.outcome("made\nraised KeyError: 'x'", 0, False).startswith("raised")


def test_bytes_that_are_no_program_are_one_result():
    """A real judge in a process of its own: noise for a program is a failed question with a message, no more."""
    (program, *_) = fuzz_programs.seed_programs()
    broken = type(program)(**{**program.__dict__, "module": Module(program.module.stablehlo[:200], (0, 1))})
    answers = CapturedQuestion("reweight", "captured", programs=(broken,))
    spec = assignment("04_mdn")
    artifact = Artifact("04_mdn", (answers,)).to_bytes()
    verdict = judge(artifact, spec, [spec["reweight"]], [], 1, STANDARD, NO_ISOLATION)
    assert verdict.error == ""
    (result,) = verdict.questions
    assert (result.status, result.points) == ("fail", 0)
    assert "is no StableHLO" in result.message
