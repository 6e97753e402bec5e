"""What an assignment and a question are: specification objects, free of any grading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.wire.verdict import Family

# Batch sizes that programs are exported at: one to train with, one to show that rows do not see each other.
BATCH = 512
SINGLE = 1


@dataclass(frozen=True)
class Call:
    """One way of calling a student's answer, with example arguments; capture exports it as a program.

    Attributes:
        program: what the judge calls it ("log_prob"); a question may export one program at several shapes.
        function: takes `args` by position; closes over the student's answer and static values.
        args: example arguments, pytrees of arrays.
        facts: whether the function is run on them, and facts are recorded; else it is exported, no more, and `args`
            may be shapes. Facts that do not depend on the batch are taken once: plain JAX is slow to start.
        differentiable: whether the program's VJP is exported too.
        feeds_back: how many leading results replace the leading arguments at the next call (an update's
            parameters and optimiser state), which must not cause a second trace.
    """

    program: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    facts: bool = True
    differentiable: bool = True
    feeds_back: int = 0


def exported_only(program: str, function: Callable[..., Any], *args: Any) -> Call:
    """A call that is exported without facts and without a VJP: another call of the question has those."""
    return Call(program, function, args, facts=False, differentiable=False)


# From the student's names (a mapping symbol -> object) to the calls that the judge needs.
Calls = Callable[[Mapping[str, Any]], Iterator[Call]]


@dataclass(frozen=True)
class Question:
    """One question, named after the symbol it asks for.

    Attributes:
        name: the symbol, the nbgrader id of its solution cell; `check-<name>` is its autograder cell.
        points: full points.
        task: one sentence; the stub raises it, hints and messages quote it.
        calls: how the answer is called; None for a written answer, which a person marks.
        shares: how the families share the points, once correctness is there.
        needs: questions whose answers this one calls.
        stand_ins: the public answers to bind in place of the needed ones, where those fail.
        gradients: programs that must have finite gradients with respect to their first argument.
        compiled: arguments of unusual shapes for an answer that must be compiled: of two plain calls with them, only
            the first may run its Python body. None where compiling is left to the caller.
        hints: from gentle to nearly telling.
        section: the heading of the notebook that teaches it.
    """

    name: str
    points: float
    task: str
    calls: Calls | None = None
    shares: Mapping[Family, float] = field(
        default_factory=lambda: MappingProxyType({"pure": 0.2, "jittable": 0.2, "correct": 0.6})
    )
    needs: tuple[str, ...] = ()
    stand_ins: Callable[[], Mapping[str, Any]] | None = None
    gradients: tuple[str, ...] = ()
    compiled: Callable[[], tuple[Any, ...]] | None = None
    hints: tuple[str, ...] = ()
    section: str = ""

    @property
    def manual(self) -> bool:
        """Whether a person marks it."""
        return self.calls is None

    @property
    def check_cell(self) -> str:
        """The nbgrader id of its autograder cell."""
        return f"check-{self.name}"

    @property
    def stub_message(self) -> str:
        """What the stub raises; also how a stub is recognised."""
        return f"Task {self.name}: {self.task}"


@dataclass(frozen=True)
class Assignment:
    """One notebook: its questions in order, the names its locked cells give, and where its checks are.

    Attributes:
        name: the nbgrader name, "04_mdn"; also the notebook's.
        title: for people.
        questions: in the order of the notebook.
        given: names that locked cells bind and that answers may read.
        rebind: given names that capture binds itself, so that a changed given cell changes nothing.
        globals_are_the_lesson: whether reading a global number costs points (01_jax) or is advice.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    checks: Path
    given: frozenset[str] = frozenset()
    rebind: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    globals_are_the_lesson: bool = False

    def __getitem__(self, name: str) -> Question:
        """The question called `name`.

        Raises:
            UnknownQuestion: naming the questions that there are.
        """
        for question in self.questions:
            if question.name == name:
                return question
        raise UnknownQuestion(
            f"{self.name} has no question `{name}`; it has {', '.join(f'`{q.name}`' for q in self.questions)}"
        )

    @property
    def automatic(self) -> tuple[Question, ...]:
        """The questions that the judge answers."""
        return tuple(question for question in self.questions if not question.manual)


class Unfit(TypeError):
    """An answer that returns something of another kind than asked for; the message goes on after its name."""


class UnknownQuestion(LookupError):
    """No assignment, or no question, of that name."""


def meant(text: str, names: Sequence[str]) -> str:
    """ " (did you mean `…`?)", where one of `names` is like `text`; else empty."""
    by_small = {name.lower(): name for name in names}
    close = get_close_matches(text.lower(), by_small, n=1, cutoff=0.6)
    return f" (did you mean `{by_small[close[0]]}`?)" if close else ""
