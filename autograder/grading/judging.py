"""Judge an artifact in a process that runs apart, and question by question where that process ends badly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exercises.spec import Assignment, Question
from autograder.grading.blame import blame_program
from autograder.grading.limits import Limits
from autograder.judge.request import ARTIFACT, REQUEST, VERDICT, Request, question_stage
from autograder.sandbox.process import Ended, Job, run_apart
from autograder.sandbox.running import Isolation
from autograder.wire.verdict import MAX_BYTES, MalformedVerdict, QuestionResult, Verdict


def judge(
    artifact: bytes,
    spec: Assignment,
    questions: Sequence[Question],
    sources: Sequence[str],
    seed: int,
    limits: Limits,
    isolation: Isolation,
) -> Verdict:
    """The verdict on `questions`. What a program does to a judge is one result; nothing raises.

    Args:
        artifact: what capture sent, unread.
        spec: the assignment.
        questions: to judge.
        sources: of the cells that were run, which the judge reads again.
        seed: of the hidden data.
        limits: on time and memory.
        isolation: how the judge is run.
    """
    judging = _Judging(artifact, spec, tuple(sources), seed, limits, isolation)
    verdict = judging.ask([question.name for question in questions])
    if isinstance(verdict, Verdict):
        return verdict
    # Something ended the judge: each question by itself, so that only the guilty one pays.
    parts = [judging.ask_alone(question) for question in questions]
    errors = "; ".join(part.error for part in parts if part.error)
    versions = {name: version for part in parts for name, version in part.versions.items()}
    return Verdict(spec.name, tuple(q for part in parts for q in part.questions), errors, versions)


@dataclass
class _Judging:
    artifact: bytes
    spec: Assignment
    sources: tuple[str, ...]
    seed: int
    limits: Limits
    isolation: Isolation

    def __post_init__(self) -> None:
        self.blamed: dict[str, str] = {}

    def ask(self, questions: Sequence[str], alone: bool = False) -> Verdict | str:
        """A fresh judge's verdict, or what a program did to the judge."""
        job = self._job(questions)
        ended = run_apart(job, self.isolation)
        if ended.how == "done":
            return self._read(ended, questions)
        by_itself = ended.how == "died" and not ended.by_signal
        before_any = ended.stage == "start" and alone
        if by_itself or ended.how == "malformed" or before_any:
            what = ended.detail or ended.said
            return self._failed(f"the judge ended without a verdict ({ended.how} in {ended.stage}): {what}")
        return blame_program(ended, job)

    def ask_alone(self, question: Question) -> Verdict:
        """The verdict on one question; if it ends its judge again, that is its result."""
        answer = self.ask([question.name], alone=True)
        if isinstance(answer, Verdict):
            return answer
        message = self.blamed[question.name] = f"The program of `{question.name}` {answer}"
        result = QuestionResult(question.name, "error", 0.0, question.points, message)
        return Verdict(self.spec.name, (result,))

    def _job(self, questions: Sequence[str]) -> Job:
        request = Request(self.spec.name, tuple(questions), self.seed, self.blamed, self.sources)
        return Job(
            "autograder.judge.run",
            {REQUEST: request.to_json(), ARTIFACT: self.artifact},
            [question_stage(question.name) for question in self.spec.automatic],
            {VERDICT: MAX_BYTES},
            self.limits.judging_seconds,
            self.limits.resources,
        )

    def _read(self, ended: Ended, questions: Sequence[str]) -> Verdict:
        try:
            verdict = Verdict.from_json(ended.results[VERDICT])
            verdict.expect(self.spec, questions)
        except (KeyError, MalformedVerdict) as problem:
            return self._failed(f"the judge left no verdict: {problem}")
        return verdict

    def _failed(self, why: str) -> Verdict:
        return Verdict(self.spec.name, (), error=why)
