"""Grade one submission: capture in one process, judge in another, and read what they leave, trusting neither."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.capture import run as capture_run
from autograder.exercises import assignment as find_assignment
from autograder.exercises.spec import Assignment, Question
from autograder.judge import run as judge_run
from autograder.reading import UnreadableError, read_submission
from autograder.submission import cells_to_run
from autograder.verdict import MalformedVerdict, QuestionResult, Verdict
from autograder.watch import Ended, run_watched

_START_SECONDS = 120.0


@dataclass(frozen=True)
class Limits:
    """Time limits, in seconds of wall time.

    Attributes:
        cell_seconds: for one cell of the notebook.
        question_seconds: for capturing one question.
        judge_seconds: for judging all questions.
        restarts: how many cells or questions may each cost the process before the grader gives up on the notebook.
    """

    cell_seconds: float = 60.0
    question_seconds: float = 120.0
    judge_seconds: float = 300.0
    restarts: int = 6


@dataclass(frozen=True)
class Graded:
    """A verdict, the outputs of the cells that were run (by index in the notebook), and how long it took."""

    verdict: Verdict
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    seconds: float = 0.0


def grade_notebook(
    path: Path,
    assignment: str,
    *,
    seed: int,
    limits: Limits = Limits(),
    isolation: str = "none",
    questions: Sequence[str] | None = None,
) -> Graded:
    """Grade the notebook at `path`. Nothing that it does makes this raise: it becomes part of the verdict.

    Args:
        path: the submitted notebook; it may be missing or broken.
        assignment: its nbgrader name.
        seed: of the hidden data.
        limits: on time.
        isolation: "none" is all there is so far; processes of their own, with the rights of whoever grades.
        questions: judge these alone; all by default. Where nothing could be judged, the verdict is about all.
    """
    if isolation != "none":
        raise ValueError(f"isolation {isolation!r} is not built yet; only 'none' is")
    started = time.monotonic()
    spec = find_assignment(assignment)
    try:
        cells = cells_to_run(read_submission(path), spec)
    except UnreadableError as error:
        message = f"There is no readable notebook: {error}."
        return Graded(_all(spec, "missing", message), {}, time.monotonic() - started)
    with tempfile.TemporaryDirectory(prefix="autograder-") as temporary:
        folder = Path(temporary)
        failure = _capture(folder, spec, cells, limits)
        outputs = _read_outputs(folder)
        verdict = failure or _judge(folder, spec, questions, seed, limits)
    return Graded(verdict, outputs, time.monotonic() - started)


def _capture(folder: Path, spec: Assignment, cells: Sequence[Any], limits: Limits) -> Verdict | None:
    """Run the cells until the process ends well; each cell or question that ends it is left out of the next try."""
    blamed: dict[str, str] = {}
    ended = Ended("died", "start")

    def seconds_for(stage: str) -> float:
        if stage.startswith("cell"):
            return limits.cell_seconds
        return limits.question_seconds if stage.startswith("question") else _START_SECONDS

    for _ in range(limits.restarts + 1):
        request = capture_run.Request(spec.name, tuple(cells), blamed)
        (folder / "request.json").write_text(request.to_json())
        ended = run_watched("autograder.capture.run", folder, capture_run.EVENTS, seconds_for)
        if ended.how == "done":
            return None
        if ended.stage == "start" or ended.stage in blamed:
            break
        blamed[ended.stage] = _blame(ended, seconds_for(ended.stage))
    if blamed:
        reasons = " ".join(dict.fromkeys(blamed.values()))
        return _all(spec, "error", f"The notebook ended its own process again and again. {reasons}")
    return Verdict(spec.name, (), error=f"capture did not start ({ended.how}): {_tail(folder)}")


def _blame(ended: Ended, seconds: float) -> str:
    where = ended.stage.replace("question ", "calling ")
    if ended.how == "timeout":
        return f"It did not end within {seconds:.0f} s ({where}): look for a loop that never ends."
    how = f"signal {-ended.status}" if ended.status and ended.status < 0 else f"exit status {ended.status}"
    return f"It ended its own process ({where}, {how}): remove `exit`, `os._exit`, or what made it crash."


def _judge(
    folder: Path, spec: Assignment, questions: Sequence[str] | None, seed: int, limits: Limits
) -> Verdict:
    verdict = _judge_questions(folder, spec, questions, seed, limits)
    if isinstance(verdict, Verdict):
        return verdict
    # Something ended the judge: judge each question by itself, so that only the guilty one pays.
    wanted = [question for question in spec.questions if questions is None or question.name in questions]
    parts = [_judge_one(folder, spec, question, seed, limits) for question in wanted]
    errors = "; ".join(part.error for part in parts if part.error)
    return Verdict(spec.name, tuple(q for part in parts for q in part.questions), errors)


def _judge_one(folder: Path, spec: Assignment, question: Question, seed: int, limits: Limits) -> Verdict:
    verdict = _judge_questions(folder, spec, [question.name], seed, limits)
    if isinstance(verdict, Verdict):
        return verdict
    message = f"The program of `{question.name}` {verdict} while it was judged."
    return Verdict(spec.name, (QuestionResult(question.name, "error", 0.0, question.points, message),))


def _judge_questions(
    folder: Path, spec: Assignment, questions: Sequence[str] | None, seed: int, limits: Limits
) -> Verdict | str:
    """The verdict, or how the judge ended without one."""
    (folder / judge_run.VERDICT).unlink(missing_ok=True)
    asked = None if questions is None else list(questions)
    request = json.dumps({"assignment": spec.name, "questions": asked, "seed": seed})
    ended = run_watched(
        "autograder.judge.run", folder, judge_run.EVENTS, lambda stage: limits.judge_seconds, request
    )
    if ended.how == "timeout":
        return f"did not end within {limits.judge_seconds:.0f} s"
    if ended.how == "died" and ended.status is not None and ended.status < 0:
        return f"crashed (signal {-ended.status})"
    try:
        return Verdict.from_json((folder / judge_run.VERDICT).read_bytes())
    except (OSError, MalformedVerdict) as error:
        return Verdict(spec.name, (), error=f"the judge left no verdict ({error}): {_tail(folder)}")


def _all(spec: Assignment, status: Any, message: str) -> Verdict:
    """Every automatic question with the same outcome; written answers stay for a person to mark."""
    results = [
        QuestionResult(q.name, "manual" if q.manual else status, 0.0, q.points, "" if q.manual else message)
        for q in spec.questions
    ]
    return Verdict(spec.name, tuple(results))


def _read_outputs(folder: Path) -> dict[int, list[dict[str, Any]]]:
    try:
        raw = json.loads((folder / capture_run.OUTPUTS).read_text())
        return {int(index): list(outputs) for index, outputs in raw.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _tail(folder: Path) -> str:
    """The last line that a process wrote to stderr."""
    try:
        lines = (folder / "stderr.txt").read_text(errors="replace").strip().splitlines()
    except OSError:
        return "nothing on stderr"
    return lines[-1][:300] if lines else "nothing on stderr"
