"""All attacks: those in files (`tests/submissions/*/hostile/`) and those that are built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from built_attacks import ASSIGNMENT, BUILT, Build
from trap import SUBMISSIONS, Trap

from autograder.exercises import ASSIGNMENTS
from autograder.nbgrader.submissions import Edit, Expected, Submission, read_all

_MISSING = MappingProxyType({"*": Expected("missing")})


@dataclass(frozen=True)
class Attack:
    """A submission of which all is known that it may gain; hands itself in under its own name."""

    submission: Submission
    build: Build | None = None

    @property
    def name(self) -> str:
        """Also the student's."""
        return self.submission.name.removeprefix("hostile/")

    @property
    def kind(self) -> str:
        """The first words of its story."""
        return self.submission.story.partition(":")[0]

    @property
    def story(self) -> str:
        """The rest of it: what it tries."""
        return self.submission.story.partition(":")[2].strip()

    @property
    def assignment(self) -> str:
        """What it hands in."""
        return self.submission.assignment

    def hand_in(self, trap: Trap, release: Path | None = None) -> None:
        """Hand in, to the course of `trap`."""
        notebook = trap.hand_in(self.name, self.submission, release)
        if self.build:
            self.build(trap, notebook)


def _stubs(name: str, story: str) -> Submission:
    return Submission(name, ASSIGNMENT, story, (Edit("stub", "*", ""),), _MISSING)


ATTACKS = {
    attack.name: attack
    for attack in (
        *(Attack(s) for name in ASSIGNMENTS for s in read_all(SUBMISSIONS, name, "hostile")),
        *(Attack(_stubs(built.name, built.story), built.build) for built in BUILT),
    )
}
KINDS = sorted({attack.kind for attack in ATTACKS.values()})
