"""Judge one artifact: `python -m autograder.judge.run`, in a process of its own that never saw the student's Python.

`autograder.sandbox.process` gives it the request, with the seed, and the artifact, and reads its verdict.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping

import jax

from autograder.exercises import assignment
from autograder.judge.judge import judge
from autograder.judge.request import ARTIFACT, REQUEST, VERDICT, Request, question_stage
from autograder.quiet import stderr_silenced
from autograder.sandbox.inside import Given, enter
from autograder.wire.artifact import Artifact, CapturedQuestion, MalformedArtifact
from autograder.wire.verdict import QuestionResult, Verdict


def main() -> None:
    """Judge what is given."""
    given = enter()
    with stderr_silenced():
        given.outbox.send(VERDICT, _verdict(given).to_json().encode())
    given.outbox.done()


def _verdict(given: Given) -> Verdict:
    request = Request.from_json(given.parts[REQUEST])
    try:
        artifact = Artifact.from_bytes(given.parts[ARTIFACT])
        artifact.expect(request.assignment, [q.name for q in assignment(request.assignment).automatic])
        _expect_our_platform(artifact)
    except MalformedArtifact as error:
        return _unreadable(request, str(error))
    return judge(
        _without(artifact, request.blamed),
        request.questions,
        seed=request.seed,
        sources=request.sources,
        begin=lambda name: given.outbox.stage(question_stage(name)),
    )


def _expect_our_platform(artifact: Artifact) -> None:
    """Refuse an artifact that says something else, where capture had no choice: every sandbox is told its platform."""
    if os.environ.get("JAX_PLATFORMS") and artifact.platform != jax.default_backend():
        raise MalformedArtifact(f"it says that it was captured on {artifact.platform!r}")


def _without(artifact: Artifact, blamed: Mapping[str, str]) -> Artifact:
    """The artifact, as if the questions that ended an earlier judge had not been answered."""
    questions = [
        CapturedQuestion(question.name, "error", blamed[question.name])
        if question.name in blamed
        else question
        for question in artifact.questions
    ]
    return dataclasses.replace(artifact, questions=tuple(questions))


def _unreadable(request: Request, why: str) -> Verdict:
    questions = [assignment(request.assignment)[name] for name in request.questions]
    message = f"What the notebook left behind cannot be judged: {why}."
    return Verdict(
        request.assignment,
        tuple(
            QuestionResult(
                q.name, "manual" if q.manual else "error", 0.0, q.points, "" if q.manual else message
            )
            for q in questions
        ),
    )


if __name__ == "__main__":
    main()
