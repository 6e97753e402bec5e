"""How long a submission may take, and what it may use."""

from __future__ import annotations

import os
from dataclasses import dataclass

import psutil

from autograder.sandbox.limits import STANDARD as STANDARD_RESOURCES
from autograder.sandbox.limits import Resources

# Until a process has imported what it needs.
_START_SECONDS = 120.0


@dataclass(frozen=True)
class Limits:
    """Limits on one submission; times are seconds of wall time.

    Attributes:
        cell_seconds: for one cell of the notebook.
        question_seconds: for capturing one question.
        notebook_seconds: for all cells and questions, with every new try.
        judge_seconds: for judging one question.
        restarts: how many cells or questions may each cost the process before the grader gives up on the notebook.
        resources: of each process, with all that it starts.
    """

    cell_seconds: float = 60.0
    question_seconds: float = 120.0
    notebook_seconds: float = 900.0
    judge_seconds: float = 300.0
    restarts: int = 6
    resources: Resources = STANDARD_RESOURCES

    def capture_seconds(self, stage: str) -> float:
        """The limit of a stage of capture."""
        if stage.startswith("cell"):
            return self.cell_seconds
        return self.question_seconds if stage.startswith("question") else _START_SECONDS

    def judging_seconds(self, stage: str) -> float:
        """The limit of a stage of judging."""
        return self.judge_seconds if stage.startswith("question") else _START_SECONDS


STANDARD = Limits()


def bearable_jobs() -> int:
    """How many submissions at a time this machine bears: one a core, with half of what each may use in memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = int(psutil.virtual_memory().total / (STANDARD.resources.memory / 2))
    return max(1, min(cores, memory))
