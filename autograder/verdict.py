"""What the judge says of a submission: small, strict JSON, the only thing the coordinator reads."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Family = Literal["pure", "jittable", "correct", "unbiased"]
CheckStatus = Literal["pass", "fail", "skip"]
QuestionStatus = Literal["pass", "fail", "error", "missing", "manual"]

FAMILIES: tuple[Family, ...] = get_args(Family)
MAX_BYTES = 1_000_000
MAX_TEXT = 4_000


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
        """The verdict as one JSON object."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Verdict:
        """Parse what a judge wrote, trusting nothing.

        Raises:
            MalformedVerdict: if anything is not exactly as expected.
        """
        if len(text) > MAX_BYTES:
            raise MalformedVerdict(f"the verdict has {len(text)} bytes; at most {MAX_BYTES} are read")
        try:
            raw = json.loads(text)
            return _verdict(raw)
        except MalformedVerdict:
            raise
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise MalformedVerdict(f"the verdict is not what the judge writes: {error}") from error


def _verdict(raw: Any) -> Verdict:
    fields = _fields(raw, Verdict, required={"assignment", "questions"})
    return Verdict(
        assignment=_text(fields["assignment"]),
        questions=tuple(_question(item) for item in _list(fields["questions"])),
        error=_text(fields.get("error", "")),
        versions={_text(k): _text(v) for k, v in _fields(fields.get("versions", {})).items()},
    )


def _question(raw: Any) -> QuestionResult:
    fields = _fields(raw, QuestionResult, required={"name", "status", "points", "max_points"})
    points, max_points = _number(fields["points"]), _number(fields["max_points"])
    if not 0 <= points <= max_points:
        raise MalformedVerdict(f"{points} of {max_points} points")
    return QuestionResult(
        name=_text(fields["name"]),
        status=_word(fields["status"], QuestionStatus),
        points=points,
        max_points=max_points,
        message=_text(fields.get("message", "")),
        line=_line(fields.get("line")),
        checks=tuple(_check(item) for item in _list(fields.get("checks", []))),
    )


def _check(raw: Any) -> CheckResult:
    fields = _fields(raw, CheckResult, required={"name", "family", "status"})
    figure = fields.get("figure")
    return CheckResult(
        name=_text(fields["name"]),
        family=_word(fields["family"], Family),
        status=_word(fields["status"], CheckStatus),
        message=_text(fields.get("message", "")),
        line=_line(fields.get("line")),
        title=_text(fields.get("title", "")),
        figure=None
        if figure is None
        else {_text(key): _numbers(value) for key, value in _fields(figure).items()},
        advice=_text(fields.get("advice", "")),
    )


def _fields(raw: Any, owner: type | None = None, required: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    if not isinstance(raw, dict):
        raise MalformedVerdict(f"expected an object, found {type(raw).__name__}")
    if not required <= raw.keys():
        raise MalformedVerdict(f"missing: {', '.join(sorted(required - raw.keys()))}")
    if owner is not None and not raw.keys() <= owner.__dataclass_fields__.keys():  # type: ignore[attr-defined]
        raise MalformedVerdict(f"a field that {owner.__name__} does not have")
    return raw


def _list(raw: Any) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > 200:
        raise MalformedVerdict("expected a list of at most 200")
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > MAX_TEXT:
        raise MalformedVerdict(f"expected a text of at most {MAX_TEXT} characters")
    return raw


def _word(raw: Any, words: Any) -> Any:
    if raw not in get_args(words):
        raise MalformedVerdict(f"expected one of {', '.join(get_args(words))}")
    return raw


def _number(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < 1e6:
        raise MalformedVerdict("expected a finite number")
    return float(raw)


def _numbers(raw: Any) -> Any:
    """A finite number, nothing, or a list of those."""
    if isinstance(raw, list):
        return [None if number is None else _number(number) for number in _list(raw)]
    return None if raw is None else _number(raw)


def _line(raw: Any) -> int | None:
    if raw is None or (isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 1_000_000):
        return raw
    raise MalformedVerdict("expected a line number")
