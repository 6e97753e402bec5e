"""Mutated programs against the judge's own road: load, verify, compile, run, differentiate. Every crash is one result.

    python benchmarks/fuzz_programs.py [--count 10000] [--seed 0] [--judged 10]

Each mutant gets a process of its own, forked from one that has imported JAX but not started its backend, with limits on
time and memory. Text that MLIR does not accept is no program: another mutant takes its place. Some of those that crash
are handed in to a real judge, which must make one clear result of each. Exit status 1 if the judge raised anything that
it should not, or left a crash without a result.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzz_stablehlo import MUTATIONS, NotWritten

from autograder.exercises.checking import CheckFailed, NotExported
from autograder.judge.programs import Programs
from autograder.wire.artifact import Artifact, CapturedQuestion, Program

CPU_SECONDS, WALL_SECONDS, MEMORY_BYTES = 10, 120.0, 8 << 30
OUTCOMES = (
    *("ran", "failed while it ran", "refused by the verification", "refused by the parser"),
    *("out of memory", "crashed", "timed out", "raised"),
)


def seed_programs() -> tuple[Program, ...]:
    """The programs of fuzz_seeds.py, made in another process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seeds.zip"
        subprocess.run(
            [sys.executable, str(Path(__file__).with_name("fuzz_seeds.py")), str(file)], check=True
        )
        return Artifact.from_bytes(file.read_bytes())["seeds"].programs


def judge_one(program: Program) -> str:
    """What the judge does with a program, as it does it: one of OUTCOMES."""
    answer = Programs(CapturedQuestion("f", "captured", programs=(program,)), "own", 1)
    if answer.refusal:
        return (
            "refused by the parser" if "is no StableHLO" in answer.refusal else "refused by the verification"
        )
    try:
        answer.run_leaves(program, program.arguments)
        if program.vjp is not None and all(kind.dtype == "float32" for kind in program.outputs):
            count = program.leaves[0]
            answer.value_and_gradient(program, program.arguments[:count], program.arguments[count:])
    except (CheckFailed, NotExported):
        return "failed while it ran"
    return "ran"


def run_child(mutation: str, seeds: Sequence[Program], random: Random, pipe: int) -> None:
    """In the forked process: make a mutant, judge it, say how it went. Does not return."""
    faulthandler.disable()  # it would print what a crash looks like
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        mutant = MUTATIONS[mutation](random.choice(seeds), seeds, random)
        os.write(pipe, b"made\n")  # what comes after this is the judge's doing
        word = judge_one(mutant)
    except NotWritten:
        word = "not written"
    except MemoryError:
        word = "out of memory"
    except BaseException as error:
        word = f"raised {type(error).__name__}: {str(error)[:200]}"
    os.write(pipe, word.encode()[:1_000])
    os._exit(0)


def one(mutation: str, seeds: Sequence[Program], random: Random) -> str:
    """The outcome of one mutant in a process of its own."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # JAX warns of forking; its backend has not started
        child = os.fork()
    if child == 0:
        os.close(reading)
        run_child(mutation, seeds, random, writing)
    os.close(writing)
    said, deadline, timed_out = b"", time.monotonic() + WALL_SECONDS, False
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            timed_out = True
            break
        if not (more := os.read(reading, 4_096)):
            break
        said += more
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return outcome(said.decode(errors="replace"), status, timed_out)


def outcome(said: str, status: int, timed_out: bool) -> str:
    """One word for what a child said and how it ended."""
    made, _, word = said.partition("made\n")
    if timed_out or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return "timed out"
    if os.WIFSIGNALED(status):
        # A text that crashes MLIR's parser while the mutant is written is nothing that can be handed in.
        return f"crashed: signal {os.WTERMSIG(status)}" if "made\n" in said else "not written"
    return word or made or "raised: it ended without a word"


@dataclass
class Report:
    """What became of the mutants, by mutation; the crashes, to hand in; and what should not have been."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    not_written: int = 0
    crashes: list[tuple[str, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def fuzz(count: int, seed: int, seeds: Sequence[Program]) -> Report:
    """Try mutants until `count` programs have been judged, as many of each mutation."""
    report, names = Report({name: Counter() for name in MUTATIONS}), list(MUTATIONS)
    number = done = 0
    while done < count:
        name = names[done % len(names)]
        word = one(name, seeds, Random(f"{seed} {number}"))
        if word == "not written":
            report.not_written += 1
        else:
            kind = word.split(":")[0].split(" ")[0] if word.startswith(("crashed", "raised")) else word
            report.counts[name][kind] += 1
            done += 1
            if kind == "crashed":
                report.crashes.append((name, number))
            if kind == "raised" or kind not in OUTCOMES:
                report.faults.append(f"{name}, number {number}: {word}")
            if done % 1_000 == 0:
                print(f"{done} …", file=sys.stderr, flush=True)
        number += 1
    return report


def mutant(name: str, number: int, seed: int, seeds: Sequence[Program]) -> Program:
    """The mutant of that number again."""
    random = Random(f"{seed} {number}")
    return MUTATIONS[name](random.choice(seeds), seeds, random)


def main(count: int, seed: int, judged: int) -> int:
    """Print the table; 1 if anything went wrong."""
    started, seeds = time.monotonic(), seed_programs()
    report = fuzz(count, seed, seeds)
    print(f"| mutation | judged | {' | '.join(OUTCOMES)} |")
    print("|---" * (len(OUTCOMES) + 2) + "|")
    for name, counter in report.counts.items():
        print(f"| {name} | {counter.total()} | {' | '.join(str(counter[word]) for word in OUTCOMES)} |")
    total = sum(report.counts.values(), Counter[str]())
    print(f"| all | {total.total()} | {' | '.join(str(total[word]) for word in OUTCOMES)} |")
    print(f"\n{report.not_written} texts were no MLIR; {time.monotonic() - started:.0f} s; seed {seed}")
    report.faults += real_judges(report.crashes[:judged], seed, seeds)
    for fault in report.faults[:50]:
        print(fault)
    return int(bool(report.faults))


def real_judges(crashes: Sequence[tuple[str, int]], seed: int, seeds: Sequence[Program]) -> list[str]:
    """Hand mutants that crash in to a real judge, as answers to `estimate_mass`; what it should not have done."""
    from autograder.exercises import assignment
    from autograder.grading.judging import judge
    from autograder.grading.limits import STANDARD
    from autograder.sandbox.local import NO_ISOLATION

    spec, faults = assignment("04_mdn"), []
    for name, number in crashes:
        program = mutant(name, number, seed, seeds)
        answers = CapturedQuestion("estimate_mass", "captured", programs=(program,))
        artifact = Artifact("04_mdn", (answers,)).to_bytes()
        verdict = judge(artifact, spec, [spec["estimate_mass"]], [], 1, STANDARD, NO_ISOLATION)
        results = [(result.status, result.points, bool(result.message)) for result in verdict.questions]
        if verdict.error or results not in ([("error", 0.0, True)], [("fail", 0.0, True)]):
            faults.append(f"real judge, {name}, number {number}: {verdict.error} {results}")
    print(
        f"{len(crashes)} of the crashes handed in to a real judge: {len(crashes) - len(faults)} were one clear result"
    )
    return faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--judged", type=int, default=10, help="crashes to hand in to a real judge")
    arguments = parser.parse_args()
    sys.exit(main(arguments.count, arguments.seed, arguments.judged))
