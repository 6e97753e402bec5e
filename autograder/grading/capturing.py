"""Capture a notebook's answers in a process that runs apart, and again without whatever ended that process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.capture.request import ARTIFACT, MAX_ARTIFACT, OUTPUTS, REQUEST, Request
from autograder.exercises.spec import Assignment
from autograder.grading.blame import blame
from autograder.grading.cells import Cell
from autograder.grading.limits import Limits
from autograder.sandbox.process import Ended, Job, run_apart
from autograder.sandbox.running import Isolation
from autograder.wire import outputs as shown
from autograder.wire.outputs import Outputs
from autograder.wire.strict import Malformed


@dataclass(frozen=True)
class Captured:
    """What came of a notebook: an artifact, or why there is none.

    Attributes:
        artifact: what the judge is given, unread; empty if there is none.
        outputs: of the cells, for the feedback.
        fault: what the student's code did, if that is why.
        error: how the grader failed, if that is why.
    """

    artifact: bytes = b""
    outputs: Outputs | None = None
    fault: str = ""
    error: str = ""


def capture(
    spec: Assignment,
    cells: Sequence[Cell],
    questions: Sequence[str],
    limits: Limits,
    isolation: Isolation,
) -> Captured:
    """Run the cells and capture the answers to `questions`, until a process ends well.

    A cell or question that ends the process is left out of the next try. Where a signal ended it, the same is tried
    once more first: it may have come from outside.
    """
    attempts = _Attempts(Request(spec.name, tuple(cells), tuple(questions), {}), limits)
    while attempts.left():
        job = attempts.job()
        ended = run_apart(job, isolation)
        if ended.how == "done" and {ARTIFACT, OUTPUTS} <= ended.results.keys():
            return _taken(ended, cells)
        if not attempts.learn(ended, blame(ended, job)):
            return Captured(error=f"capture did not start ({ended.how}): {ended.said}")
    return Captured(fault=attempts.fault())


class _Attempts:
    """What is known from the processes that ended."""

    def __init__(self, request: Request, limits: Limits) -> None:
        self.request, self.limits = request, limits
        self.deadline = time.monotonic() + limits.notebook_seconds
        self.number = 0
        self.over = ""
        self.crashed: set[str] = set()

    def left(self) -> bool:
        return not self.over and self.number <= self.limits.restarts

    def job(self) -> Job:
        """The next process: what is left of the time that the notebook has is all it gets."""
        resources = replace(self.limits.resources, wall_seconds=max(1.0, self.deadline - time.monotonic()))
        return Job(
            "autograder.capture.run",
            {REQUEST: self.request.to_json()},
            self.request.stages,
            {OUTPUTS: shown.MAX_BYTES, ARTIFACT: MAX_ARTIFACT},
            self.limits.capture_seconds,
            resources,
        )

    def learn(self, ended: Ended, message: str) -> bool:
        """Leave the guilty stage out of the next try; False if nothing of the student's had begun."""
        self.number += 1
        if ended.by_signal and ended.stage not in self.crashed:
            self.crashed.add(ended.stage)
        elif ended.stage == "start" and ended.how != "too long":
            return False
        elif ended.how == "too long":
            self.over = (
                f"All cells together did not end within {self.limits.notebook_seconds:.0f} s. Grading needs no "
                "training: leave out what takes long and is not asked for."
            )
        elif ended.stage in self.request.blamed:
            self.over = message
        else:
            self.request = replace(self.request, blamed={**self.request.blamed, ended.stage: message})
        return True

    def fault(self) -> str:
        """What to say of a notebook that was given up."""
        if self.over:
            return self.over
        reasons = " ".join(dict.fromkeys(self.request.blamed.values()))
        return f"The notebook ended its own process again and again. {reasons}"


def _taken(ended: Ended, cells: Sequence[Cell]) -> Captured:
    try:
        outputs = shown.loads(ended.results[OUTPUTS], [index for index, _, _ in cells])
    except Malformed as problem:
        return Captured(fault=f"The notebook sent outputs that the grader does not write: {problem}.")
    return Captured(ended.results[ARTIFACT], outputs)
