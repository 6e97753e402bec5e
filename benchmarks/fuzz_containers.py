"""Mutated artifacts and verdicts against the parsers: nothing crashes or hangs, and nothing malformed is let in.

    python benchmarks/fuzz_containers.py [--count 100000] [--seed 0]

A mutant that is accepted must be written again to the same bytes, and must pass an independent look: zipfile, a JSON
reader that counts keys, and JSON Schemas (fuzz_schemas.py). Exit status 1 if any of that fails.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from fuzz_mutations import ARTIFACTS, VERDICTS, Mutation, Random
from fuzz_schemas import look_at_artifact, look_at_verdict

from autograder.wire.artifact import (
    ArrayType,
    Artifact,
    CapturedQuestion,
    Finding,
    MalformedArtifact,
    Module,
    Program,
)
from autograder.wire.verdict import CheckResult, MalformedVerdict, QuestionResult, Verdict

# Of CPU time: the machine may be busy with something else.
SLOW_SECONDS = 2.0


def an_artifact() -> bytes:
    """A small artifact with one of everything."""
    matrix, vector = ArrayType((2, 3), "float32"), ArrayType((3,), "float32")
    module, vjp = Module(b"ML\xefR" + bytes(range(60)), (0, 1)), Module(b"ML\xefR" + bytes(range(90)), (0, 2))
    example = (np.ones((2, 3), np.float32), np.arange(3, dtype=np.float32))
    program = Program(
        *("apply", "own", module, vjp, (matrix, vector), (vector,), (1, 1), ("*", "*"), "[*]"),
        arguments=example,
        eager=(example[1],),
    )
    other = Program("init", "stand_in", module, None, (matrix, vector), (), (2,), ("(*, *)",), "[]")
    findings = (
        Finding("silent", "prints", 3),
        Finding("reads_no_globals", "reads", None, "advice", "stand_in"),
    )
    questions = (
        CapturedQuestion("MLP", "captured", "", None, findings, (program, other)),
        CapturedQuestion("loss_fn", "error", "line 3: it raised", 3),
    )
    return Artifact("02_regression", questions, "cpu", {"jax": "0.10", "numpy": "2.4"}).to_bytes()


def a_verdict() -> bytes:
    """A small verdict with one of everything."""
    figure = {"median": [0.1, None, -0.2], "tolerance": 0.05}
    checks = (
        CheckResult("traces", "jittable", "fail", "message", 3, "Can be traced", figure, "advice"),
        CheckResult("runs", "correct", "pass"),
    )
    results = (
        QuestionResult("MLP", "fail", 1.2, 3.0, "message", 3, checks),
        QuestionResult("b", "manual", 0.0, 2.0),
    )
    return Verdict("02_regression", results, "", {"jax": "0.10"}).to_json().encode()


@dataclass
class Target:
    """A parser, the error that it may raise, how it writes, and the independent look."""

    name: str
    good: bytes
    mutations: dict[str, Mutation]
    read: Callable[[bytes], Any]
    write: Callable[[Any], bytes]
    look: Callable[[bytes], None]
    malformed: type[Exception]


def targets() -> list[Target]:
    """Artifacts and verdicts."""
    return [
        Target(
            "artifact",
            an_artifact(),
            ARTIFACTS,
            Artifact.from_bytes,
            lambda artifact: artifact.to_bytes(),
            look_at_artifact,
            MalformedArtifact,
        ),
        Target(
            "verdict",
            a_verdict(),
            VERDICTS,
            Verdict.from_json,
            lambda verdict: verdict.to_json().encode(),
            look_at_verdict,
            MalformedVerdict,
        ),
    ]


@dataclass
class Report:
    """What became of the mutants, by target and mutation; and everything that should not have been."""

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, target: Target, mutation: str, outcome: str) -> None:
        """Count one mutant."""
        self.counts.setdefault((target.name, mutation), Counter())[outcome] += 1

    def total(self, outcome: str) -> int:
        """How many ended so."""
        return sum(counter[outcome] for counter in self.counts.values())


def try_one(target: Target, data: bytes) -> str:
    """Read one mutant: "unchanged", "accepted", "refused", or what went wrong."""
    if data == target.good:
        return "unchanged"
    try:
        read = target.read(data)
    except target.malformed:
        return "refused"
    except BaseException as error:
        return f"crashed: {type(error).__name__}: {error}"
    if target.write(read) != data:
        return "malformed: written again, it has other bytes"
    try:
        target.look(data)
    except Exception as error:
        return f"malformed: {type(error).__name__}: {str(error)[:200]}"
    return "accepted"


def fuzz(count: int, seed: int) -> Report:
    """Try `count` mutants, as many of each mutation of each target."""
    report, all_targets = Report(), targets()
    kinds = [(target, name) for target in all_targets for name in target.mutations]
    for target in all_targets:
        target.look(target.good)  # the independent look knows what is good
    for number in range(count):
        target, name = kinds[number % len(kinds)]
        data = target.mutations[name](target.good, Random(f"{seed} {number}"))
        started = time.process_time()
        outcome = try_one(target, data)
        seconds = time.process_time() - started
        report.slowest = max(report.slowest, seconds)
        word = outcome.split(":")[0]
        if word in ("crashed", "malformed") or seconds > SLOW_SECONDS:
            report.faults.append(f"{target.name}, {name}, number {number}: {outcome}, {seconds:.1f} s")
        report.add(target, name, word)
    return report


def main(count: int, seed: int) -> int:
    """Print the table; 1 if anything went wrong."""
    started = time.monotonic()
    report = fuzz(count, seed)
    outcomes = ("refused", "accepted", "unchanged", "malformed", "crashed")
    print(
        "| target | mutation | tried | refused | accepted, well-formed | unchanged | malformed, accepted | crashed |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for (target, mutation), counter in report.counts.items():
        columns = " | ".join(str(counter[outcome]) for outcome in outcomes)
        print(f"| {target} | {mutation} | {counter.total()} | {columns} |")
    totals = " | ".join(str(report.total(outcome)) for outcome in outcomes)
    print(f"| all | | {count} | {totals} |")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.monotonic() - started
    print(f"\n{seconds:.0f} s; slowest {report.slowest:.2f} s; peak memory {memory:.0f} MB; seed {seed}")
    for fault in report.faults[:50]:
        print(fault)
    return int(bool(report.faults))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    sys.exit(main(arguments.count, arguments.seed))
