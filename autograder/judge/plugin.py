"""The pytest plugin of the judge: gives the checks their fixtures and collects how they went."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
import pytest

from autograder.exercises.checking import CheckFailed, NotExported, Probe, WrongForm
from autograder.exercises.spec import Question
from autograder.judge.programs import Programs
from autograder.wire.artifact import CapturedQuestion, Finding, Variant
from autograder.wire.plain_text import first_line
from autograder.wire.verdict import CheckResult

_PUBLIC_SEED = 20_190_214
_WAITS = "waits for what failed above"
NO_PROGRAM = "waits until the answer runs and can be traced"
_OF_A_PROGRAM = {"traces", "traced_once", "lowers", "no_callbacks"}


@dataclass
class Facts:
    """What capture found against the answer."""

    findings: tuple[Finding, ...]
    traced: bool = True
    advice: list[str] = field(default_factory=list)

    def require(self, check: str) -> None:
        """Fail with the first finding of `check`; advice is kept for the report.

        What can only be said of a program, or of an answer that runs, is not said of another.
        """
        found = [finding for finding in self.findings if finding.check == check]
        for finding in found:
            if finding.level == "fail":
                raise CheckFailed(finding.message, finding.line)
        self.advice += [finding.message for finding in found]
        runs = not any(finding.check == "runs" and finding.level == "fail" for finding in self.findings)
        if not self.traced and not found and (check in _OF_A_PROGRAM or not runs):
            pytest.skip(NO_PROGRAM)


@dataclass
class Judging:
    """One question under judgement: fixtures for its checks, and their results.

    Attributes:
        question: whose checks run.
        captured: what came of it in the artifact.
        variant: whether its own or stand-in answers are below it.
        needed: programs of the questions that it needs and that are right.
        seed: of the hidden data.
        report: told how far a long check is, from 0 to 1.
        only_correct: run no other family (for a question that is only needed by another).
        source_findings: what the submitted source alone says against the answer.
    """

    question: Question
    captured: CapturedQuestion
    variant: Variant
    needed: Mapping[str, Programs]
    seed: int
    report: Callable[[str, float], None] = lambda what, done: None
    only_correct: bool = False
    source_findings: Sequence[Finding] = ()
    results: list[CheckResult] = field(default_factory=list)
    internal_errors: list[str] = field(default_factory=list)
    programs: Programs = field(init=False)
    _wrong_form: bool = False
    _facts: Facts | None = None
    _figure: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        """Start compiling what the checks will run."""
        self.programs = Programs(self.captured, self.variant, self.seed)
        if not self.only_correct:
            self.programs.prefetch(self.question.gradients)

    @property
    def fingerprint(self) -> str:
        """What decides whether the answer is right: its programs, what was found against it, and the data."""
        relevant = (self.seed, self.variant, _relevant(self.captured, self.variant))
        digest = hashlib.sha256(repr((self.question.name, *relevant)).encode())
        for program in self.captured.programs:
            digest.update(repr((program.name, program.variant, program.inputs, program.outputs)).encode())
            for module in (program.module, program.vjp):
                digest.update(repr(module and (module.stablehlo, module.kept)).encode())
        return digest.hexdigest()

    @pytest.fixture(name="question")
    def question_fixture(self) -> Question:
        """The question."""
        return self.question

    @pytest.fixture
    def facts(self) -> Facts:
        """What was found beside the student's code; where that is silent, what its source says, or its programs."""
        found = list(_relevant(self.captured, self.variant))
        told = {finding.check for finding in found if finding.level == "fail"}
        found += [finding for finding in self.source_findings if finding.check not in told]
        if self.programs.refusal:
            found.append(Finding("runs", self.programs.refusal))
        self._facts = Facts(tuple(found), traced=bool(self.programs))
        return self._facts

    @pytest.fixture
    def answer(self) -> Programs:
        """The answer's programs."""
        if not self.programs:
            pytest.skip(NO_PROGRAM)
        return self.programs

    @pytest.fixture(name="needed")
    def needed_fixture(self) -> Mapping[str, Programs]:
        """Programs of needed questions, those alone that are right."""
        return self.needed

    @pytest.fixture(params=["public", "hidden"])
    def probe(self, request: pytest.FixtureRequest) -> Probe:
        """Random numbers: first public ones, which messages may quote, then hidden ones."""
        public = request.param == "public"
        return Probe(np.random.default_rng(_PUBLIC_SEED if public else [self.seed, 1]), public)

    @pytest.fixture(name="seed")
    def seed_fixture(self) -> int:
        """Seed of the hidden data."""
        return self.seed

    @pytest.fixture
    def progress(self) -> Callable[[str, float], None]:
        """Told how far a long check is."""
        return self.report

    @pytest.fixture
    def figure(self) -> Callable[[dict[str, Any]], None]:
        """Keeps numbers that a report may draw, also when the check passes."""
        return self._keep_figure

    def _keep_figure(self, numbers: dict[str, Any]) -> None:
        self._figure = numbers

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file of checks that cannot be read is a failure of ours."""
        if report.failed:
            reason = str(report.longrepr).strip().splitlines()[-1][:300]
            self.internal_errors.append(f"the checks of {self.question.name} cannot be collected: {reason}")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is not asked for."""
        items[:] = [item for item in items if self._is_asked(item)]

    def _is_asked(self, item: pytest.Item) -> bool:
        if self.only_correct and _family(item) != "correct":
            return False
        return all(getattr(self.question, marker.args[0]) for marker in item.iter_markers("asked_by"))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Ask nothing of the values of a result that has the wrong form; its form is asked for everywhere."""
        if self._wrong_form and "shape" not in item.name:
            pytest.skip(_WAITS)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Turn each phase's outcome into a result."""
        report = yield
        if call.when == "call" or call.excinfo:
            self._record(item, call.excinfo)
        if call.when == "teardown":
            self._facts, self._figure = None, None
        return report

    def _record(self, item: pytest.Item, excinfo: Any) -> None:
        name = getattr(item, "originalname", item.name).removeprefix("test_")
        title = (item.function.__doc__ or "").strip().splitlines()[0].rstrip(".")  # type: ignore[attr-defined]
        status, message, line, figure = "pass", "", None, self._figure
        if excinfo is not None:
            error = excinfo.value
            failed_before = any(earlier.status == "fail" for earlier in self.results)
            self._wrong_form |= isinstance(error, WrongForm)
            if isinstance(error, NotExported) and (failed_before or self._does_not_run):
                status, message = "skip", _WAITS if failed_before else NO_PROGRAM
            elif isinstance(error, CheckFailed):
                status, message = "fail", self._named(error.message)
                line, figure = error.line, error.figure or figure
            elif isinstance(error, pytest.skip.Exception):
                status, message = "skip", str(error.msg)
            elif isinstance(error, jax.errors.JaxRuntimeError):
                # Training and other checks call programs inside functions of their own.
                status, message = (
                    "fail",
                    self._named(f"its program failed while it ran: {first_line(error)}."),
                )
            elif failed_before:
                # A result of the wrong shape, say, which an earlier check has told: this one cannot go on.
                status, message = "skip", _WAITS
            else:
                self.internal_errors.append(
                    f"check {name} of {self.question.name}: {type(error).__name__}: {error}"
                )
                return
        advice = " ".join(self._facts.advice) if self._facts else ""
        self._merge(CheckResult(name, _family(item), status, message, line, title, figure, advice))  # type: ignore[arg-type]

    @property
    def _does_not_run(self) -> bool:
        """Whether one of its calls raised: the check `runs`, which comes later than others, tells of that."""
        findings = _relevant(self.captured, self.variant)
        return any(finding.check == "runs" and finding.level == "fail" for finding in findings)

    def _named(self, message: str) -> str:
        """A message that names the function."""
        return message if f"`{self.question.name}`" in message else f"`{self.question.name}`: {message}"

    def _merge(self, result: CheckResult) -> None:
        """Keep one result per check: of its public and hidden run, the first that failed."""
        for position, earlier in enumerate(self.results):
            if (earlier.name, earlier.family) == (result.name, result.family):
                if earlier.status != "fail":
                    self.results[position] = result
                return
        self.results.append(result)


def _family(item: pytest.Item) -> Any:
    marker = item.get_closest_marker("family")
    assert marker is not None  # every check has a family
    return marker.args[0]


def _relevant(captured: CapturedQuestion, variant: Variant) -> tuple[Finding, ...]:
    """Findings of the judged variant; with stand-ins below, also what the answer itself did among its own."""
    through_others = {"runs", "traces", "traced_once", "lowers"}
    return tuple(
        finding
        for finding in captured.findings
        if finding.variant == variant or (variant == "stand_in" and finding.check not in through_others)
    )
