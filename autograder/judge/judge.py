"""From an artifact to a verdict."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import jax
import pytest

from autograder.exercises import assignment as find_assignment
from autograder.exercises import spec
from autograder.judge.plugin import Judging
from autograder.judge.programs import Programs
from autograder.judge.source import source_findings, stub_line
from autograder.wire.artifact import Artifact, CapturedQuestion, Variant, versions
from autograder.wire.verdict import FAMILIES, CheckResult, Family, QuestionResult, QuestionStatus, Verdict

_PACKAGE = Path(spec.__file__).parents[1]
_COMMON = _PACKAGE / "exercises" / "common"
# They print, write files or hook the kernel; the judge's plugin reports.
_UNUSED_PLUGINS = [
    "cacheprovider",
    "capture",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "recwarn",
    "stepwise",
    "terminal",
    "terminalprogress",
    "threadexception",
    "unraisableexception",
    "warnings",
]
# Families without which the others are worth nothing.
_GATES: tuple[Family, ...] = ("correct", "unbiased")
_Progress = Callable[[str, float], None]
# Fingerprints of answers found right in this process: in a notebook an answer that others need is judged once.
_RIGHT: set[str] = set()


def judge(
    artifact: Artifact,
    questions: Iterable[str] | None = None,
    *,
    seed: int,
    sources: Sequence[str] = (),
    progress: _Progress = lambda what, done: None,
    begin: Callable[[str], None] = lambda question: None,
) -> Verdict:
    """Run the checks of `questions` (all by default) on `artifact`.

    Args:
        artifact: what capture made.
        questions: names; the questions that they need are judged too, but not reported.
        seed: of the data that the programs run on.
        sources: of the cells that ran: what is impure in them is found again, without running them.
        progress: told what is going on and how far it is, from 0 to 1.
        begin: told the name of each question before anything of it is run.
    """
    assignment = find_assignment(artifact.assignment)
    if artifact.platform != jax.default_backend():
        return Verdict(assignment.name, (), error=_other_platform(artifact.platform))
    wanted = [q.name for q in assignment.questions] if questions is None else list(questions)
    right: dict[str, Programs] = {}
    results: list[QuestionResult] = []
    errors: list[str] = []
    for question in assignment.questions:
        if question.manual:
            if question.name in wanted:
                results.append(_written(question))
            continue
        asked = question.name in wanted
        if not asked and not any(question.name in assignment[name].needs for name in wanted):
            continue
        begin(question.name)
        captured = _handed_in(artifact[question.name], question, sources)
        judging = _judging(question, captured, right, seed, progress, only_correct=not asked)
        if asked and captured.status == "captured":
            judging.source_findings = source_findings(assignment, question.name, sources)
        if captured.status == "captured":
            if asked or judging.fingerprint not in _RIGHT:
                errors += run_checks(judging, _files(question, assignment.checks))
                if _family_passes(judging.results, "correct"):
                    _RIGHT.add(judging.fingerprint)
            if judging.fingerprint in _RIGHT:
                right[question.name] = judging.programs
        if asked:
            results.append(_result(question, captured, judging.results))
    return Verdict(assignment.name, tuple(results), error="; ".join(errors), versions=versions())


def _handed_in(
    captured: CapturedQuestion, question: spec.Question, sources: Sequence[str]
) -> CapturedQuestion:
    """What was captured, unless the cells say that there is no answer."""
    if captured.status != "captured" or (line := stub_line(question, sources)) is None:
        return captured
    return CapturedQuestion(
        question.name, "missing", f"The stub is still there. {question.stub_message}", line
    )


def _other_platform(captured: str) -> str:
    return (
        f"the notebook was captured on {captured!r}, but the judge runs on {jax.default_backend()!r}: let both see the "
        "same devices (JAX_PLATFORMS)"
    )


def _judging(
    question: spec.Question,
    captured: CapturedQuestion,
    right: dict[str, Programs],
    seed: int,
    progress: _Progress,
    only_correct: bool,
) -> Judging:
    exported = {program.variant for program in captured.programs}
    own_is_sound = all(name in right for name in question.needs) or question.stand_ins is None
    variant: Variant = "own" if own_is_sound or "stand_in" not in exported else "stand_in"
    needed = {name: right[name] for name in question.needs if name in right}
    return Judging(question, captured, variant, needed, seed, progress, only_correct)


def _files(question: spec.Question, checks: Path) -> list[Path]:
    common = [_COMMON / f"test_{family}.py" for family in ("pure", "jittable", "correct")]
    return [*common, checks / f"test_{question.name.lower()}.py"]


def run_checks(judging: Judging, files: Sequence[Path]) -> list[str]:
    """Run pytest, in this process, on the packaged checks; returns failures of the grader itself."""
    arguments = [
        *map(str, files),
        "--noconftest",
        "--disable-plugin-autoload",
        "--import-mode=importlib",
        f"--rootdir={_PACKAGE.parent}",
        f"--config-file={os.devnull}",
        "--override-ini=markers=family(name): what kind of check it is\nasked_by(field): only where it is set",
        *(f"-pno:{plugin}" for plugin in _UNUSED_PLUGINS),
    ]
    code = pytest.main(arguments, plugins=[judging])
    if code == pytest.ExitCode.INTERRUPTED and not judging.internal_errors:
        # pytest catches it, and a notebook's stop button is no failure
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not judging.internal_errors:
        judging.internal_errors.append(f"pytest ended with {code!r} for {judging.question.name}")
    return judging.internal_errors


def _family_passes(checks: Sequence[CheckResult], family: str) -> bool:
    """Whether a family has checks and none fails; what is to be shown correct or unbiased may not be skipped."""
    statuses = {check.status for check in checks if check.family == family}
    return "pass" in statuses and "fail" not in statuses and not (family in _GATES and "skip" in statuses)


def _written(question: spec.Question) -> QuestionResult:
    return QuestionResult(question.name, "manual", 0.0, question.points, "Written answer: a person marks it.")


def _result(
    question: spec.Question, captured: CapturedQuestion, checks: Sequence[CheckResult]
) -> QuestionResult:
    if captured.status != "captured":
        return QuestionResult(
            question.name, captured.status, 0.0, question.points, captured.message, captured.line
        )
    points = score(question, checks)
    status: QuestionStatus = "pass" if points == question.points else "fail"
    failed = next((check for check in checks if check.status == "fail"), None)
    return QuestionResult(
        question.name,
        status,
        points,
        question.points,
        failed.message if failed else "",
        failed.line if failed else None,
        tuple(sorted(checks, key=lambda check: FAMILIES.index(check.family))),
    )


def score(question: spec.Question, checks: Sequence[CheckResult]) -> float:
    """Points: nothing unless it is correct and, where asked, unbiased; else the shares of the families that pass."""
    passed = {family for family in question.shares if _family_passes(checks, family)}
    if not all(family in passed for family in _GATES if family in question.shares):
        return 0.0
    if len(passed) == len(question.shares):
        return question.points
    share = sum(question.shares[family] for family in passed) / sum(question.shares.values())
    return round(question.points * share, 4)
