"""What the judge says of a submission: small, strict JSON, the only thing the coordinator reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from autograder.wire import strict
from autograder.wire.plain_text import plain, shorten
from autograder.wire.strict import Malformed

if TYPE_CHECKING:
    from autograder.exercises.spec import Assignment

Family = Literal["pure", "jittable", "correct", "unbiased"]
CheckStatus = Literal["pass", "fail", "skip"]
QuestionStatus = Literal["pass", "fail", "error", "missing", "manual"]

FAMILIES: tuple[Family, ...] = get_args(Family)
MAX_BYTES = 1_000_000
MAX_TEXT = 4_000
# Questions, checks of one, numbers of a figure.
_MAX_LIST = 200


class MalformedVerdict(ValueError):
    """A verdict that is not what the judge writes: too large, of the wrong shape, or of unknown words."""


@dataclass(frozen=True)
class CheckResult:
    """One check: what it asks (`title`), how it went, and, where it failed, a message that teaches.

    `line` is the line in the student's cell, where one is to blame. `figure` holds numbers that a report may draw
    (the residuals of a bias check); `advice` is worth reading but costs nothing.
    """

    name: str
    family: Family
    status: CheckStatus
    message: str = ""
    line: int | None = None
    title: str = ""
    figure: dict[str, Any] | None = None
    advice: str = ""


@dataclass(frozen=True)
class QuestionResult:
    """One question: its status, its points and its checks. `message` explains a question without checks."""

    name: str
    status: QuestionStatus
    points: float
    max_points: float
    message: str = ""
    line: int | None = None
    checks: tuple[CheckResult, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """All questions of one submission. `error` is set when the grader itself could not do its work."""

    assignment: str
    questions: tuple[QuestionResult, ...]
    error: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Points of the questions that are graded automatically."""
        return sum(question.points for question in self.questions if question.status != "manual")

    @property
    def max_score(self) -> float:
        """Points that could have been had; written answers are outside."""
        return sum(question.max_points for question in self.questions if question.status != "manual")

    def __getitem__(self, name: str) -> QuestionResult:
        """The result of the question called `name`."""
        return next(question for question in self.questions if question.name == name)

    def to_json(self) -> str:
        """The verdict as one JSON object, with texts that are safe to print and not too long."""
        return strict.dumps(
            {
                "assignment": self.assignment,
                "questions": [_question_fields(question) for question in self.questions],
                "error": _message(self.error),
                "versions": self.versions,
            }
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Verdict:
        """Parse what a judge wrote, trusting nothing.

        Raises:
            MalformedVerdict: if anything is not exactly as `to_json` writes it.
        """
        if len(text) > MAX_BYTES:
            raise MalformedVerdict(f"the verdict has {len(text)} bytes; at most {MAX_BYTES} are read")
        try:
            return _read_verdict(strict.loads(text if isinstance(text, str) else text.decode("ascii")))
        except (Malformed, UnicodeDecodeError) as error:
            raise MalformedVerdict(f"the verdict is not what the judge writes: {error}") from error

    def expect(self, assignment: Assignment, questions: Collection[str] | None = None) -> None:
        """Check that it answers what was asked: these questions of `assignment`, all by default, with its points.

        Raises:
            MalformedVerdict: naming what does not fit. A verdict with an `error` may be silent on the questions.
        """
        if self.assignment != assignment.name:
            raise MalformedVerdict(f"a verdict on {self.assignment!r}; expected {assignment.name!r}")
        asked = [q for q in assignment.questions if questions is None or q.name in questions]
        named = [result.name for result in self.questions]
        if len(set(named)) != len(named) or not set(named) <= {question.name for question in asked}:
            raise MalformedVerdict("a verdict on other questions than were asked")
        if len(named) != len(asked) and not self.error:
            raise MalformedVerdict("a verdict that leaves questions out")
        for question in asked:
            if question.name in named:
                _expect_result(self[question.name], question.points, question.manual)


def _expect_result(result: QuestionResult, points: float, manual: bool) -> None:
    """Refuse points that the status cannot have."""
    allowed = {"pass": result.points == points, "fail": result.points < points}.get(
        result.status, result.points == 0
    )
    if result.max_points != points or (result.status == "manual") != manual or not allowed:
        raise MalformedVerdict(
            f"{result.points} of {result.max_points} points, {result.status}, for {result.name!r}"
        )


def _question_fields(question: QuestionResult) -> dict[str, Any]:
    return {
        "name": question.name,
        "status": question.status,
        "points": float(question.points),
        "max_points": float(question.max_points),
        "message": _message(question.message),
        "line": question.line,
        "checks": [_check_fields(check) for check in question.checks],
    }


def _check_fields(check: CheckResult) -> dict[str, Any]:
    return {
        "name": check.name,
        "family": check.family,
        "status": check.status,
        "message": _message(check.message),
        "line": check.line,
        "title": _message(check.title),
        "figure": None
        if check.figure is None
        else {key: _floats(value) for key, value in check.figure.items()},
        "advice": _message(check.advice),
    }


def _message(text: str) -> str:
    return shorten(plain(text), MAX_TEXT)


def _floats(value: Any) -> Any:
    """Numbers of a figure as floats; None where there is nothing to draw."""
    if isinstance(value, list | tuple):
        return [_floats(item) for item in value]
    return None if value is None or not abs(value) <= strict.MAX_NUMBER else float(value)


def _read_verdict(raw: Any) -> Verdict:
    strict.fields(raw, _names(Verdict))
    return Verdict(
        assignment=_text(raw["assignment"]),
        questions=strict.items(raw["questions"], _MAX_LIST, _read_question),
        error=_text(raw["error"]),
        versions=strict.table(raw["versions"], 50, _text),
    )


def _read_question(raw: Any) -> QuestionResult:
    strict.fields(raw, _names(QuestionResult))
    points, max_points = strict.number(raw["points"]), strict.number(raw["max_points"])
    if not 0 <= points <= max_points:
        raise Malformed(f"{points} of {max_points} points")
    return QuestionResult(
        name=_text(raw["name"]),
        status=strict.word(raw["status"], get_args(QuestionStatus)),
        points=points,
        max_points=max_points,
        message=_text(raw["message"]),
        line=strict.line(raw["line"]),
        checks=strict.items(raw["checks"], _MAX_LIST, _read_check),
    )


def _read_check(raw: Any) -> CheckResult:
    strict.fields(raw, _names(CheckResult))
    figure = raw["figure"]
    return CheckResult(
        name=_text(raw["name"]),
        family=strict.word(raw["family"], FAMILIES),
        status=strict.word(raw["status"], get_args(CheckStatus)),
        message=_text(raw["message"]),
        line=strict.line(raw["line"]),
        title=_text(raw["title"]),
        figure=None if figure is None else strict.table(figure, 20, _read_numbers),
        advice=_text(raw["advice"]),
    )


def _read_numbers(raw: Any) -> Any:
    """A finite number, nothing, or a list of those."""
    if isinstance(raw, list):
        return list(strict.items(raw, _MAX_LIST, _read_number))
    return _read_number(raw)


def _read_number(raw: Any) -> float | None:
    return None if raw is None else strict.number(raw)


def _names(owner: Any) -> set[str]:
    return {entry.name for entry in fields(owner)}


def _text(raw: Any) -> str:
    return strict.text(raw, MAX_TEXT)
