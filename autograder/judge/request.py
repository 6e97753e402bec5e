"""What a judge is asked, and the names of what it is given and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

# What the process is given, and what it sends back.
REQUEST, ARTIFACT, VERDICT = "request", "artifact", "verdict"


@dataclass(frozen=True)
class Request:
    """What to judge.

    Attributes:
        assignment: whose questions.
        questions: their names, in the order of the assignment.
        seed: of the hidden data.
        blamed: questions that ended an earlier judge, with what to say of them: they count as not answered.
        sources: of the cells that were run, in order: read again for what is impure, never run.
    """

    assignment: str
    questions: tuple[str, ...]
    seed: int
    blamed: Mapping[str, str]
    sources: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """The request as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Request:
        """Read what `to_json` wrote."""
        raw = json.loads(text)
        return cls(
            raw["assignment"], tuple(raw["questions"]), raw["seed"], raw["blamed"], tuple(raw["sources"])
        )


def question_stage(name: str) -> str:
    """The stage in which a question is judged."""
    return f"question {name}"
