"""What a capture process is asked to do, and the names of what it may answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

# What the process is given, and what it sends back.
REQUEST, OUTPUTS, ARTIFACT = "request", "outputs", "artifact"
# Bytes; the programs of an assignment have one or two million.
MAX_ARTIFACT = 64_000_000


@dataclass(frozen=True)
class Request:
    """What to run.

    Attributes:
        assignment: whose questions to take.
        cells: index in the notebook, source, and the question whose solution cell it is (or None), in order.
        questions: to capture, in the order of the assignment.
        blamed: stages that ended an earlier process, with what to say of them.
    """

    assignment: str
    cells: tuple[tuple[int, str, str | None], ...]
    questions: tuple[str, ...]
    blamed: Mapping[str, str]

    @property
    def stages(self) -> list[str]:
        """What the process announces, in order."""
        return [*(cell_stage(index) for index, _, _ in self.cells), *map(question_stage, self.questions)]

    def to_json(self) -> bytes:
        """The request as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Request:
        """Read what `to_json` wrote."""
        raw = json.loads(text)
        cells = tuple((index, source, question) for index, source, question in raw["cells"])
        return cls(raw["assignment"], cells, tuple(raw["questions"]), raw["blamed"])


def cell_stage(index: int) -> str:
    """The stage in which the cell at `index` runs."""
    return f"cell {index}"


def question_stage(name: str) -> str:
    """The stage in which the answer to a question is captured."""
    return f"question {name}"
