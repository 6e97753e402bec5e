"""Grade a class: judge every submission, several at a time, then enter the verdicts one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.metadata import version

from autograder import exercises
from autograder.grading import Graded, grade_notebook
from autograder.limits import STANDARD, Limits
from autograder.nbgrader.bridge import enter, withdraw
from autograder.nbgrader.course import Course, HandedIn
from autograder.nbgrader.marking import GraderError, check_verdict
from autograder.nbgrader.register import register
from autograder.reading import UnreadableError, read_submission
from autograder.report.results import Run
from autograder.report.text import plain
from autograder.sandbox.local import NO_ISOLATION
from autograder.sandbox.running import Isolation
from autograder.verdict import QuestionResult, Verdict

# Called with what happens ("judging", "writing") to which submission, once for each.
Watch = Callable[[str, HandedIn], None]


@dataclass(frozen=True)
class Settings:
    """How to judge: `seed` makes the hidden data, `jobs` submissions are judged at a time, each apart."""

    seed: int
    jobs: int = 1
    isolation: Isolation = NO_ISOLATION
    limits: Limits = STANDARD


def grade(course: Course, handed_in: Sequence[HandedIn], settings: Settings, watch: Watch) -> list[Run]:
    """Grade submissions into the course's gradebook, `autograded/` and `feedback/`.

    No submission stops another: where the grader fails, that run has an `error` and no grade.
    """
    for assignment in dict.fromkeys(item.assignment for item in handed_in):
        register(course, assignment)
    runs = []
    for item, graded in _judged(handed_in, settings, watch):
        runs.append(_entered(course, item, graded))
        watch("writing", item)
    return runs


def versions(runs: Sequence[Run]) -> dict[str, str]:
    """The versions of what graded: of this side, and what the judge said of its own."""
    found = {name: version(name) for name in ("clustermass", "nbgrader")}
    for run in runs:
        found |= run.verdict.versions
    return found


def _judged(
    handed_in: Sequence[HandedIn], settings: Settings, watch: Watch
) -> Iterator[tuple[HandedIn, Graded]]:
    """Every submission with its verdict. All are judged before the first is given out.

    Entering works from the course's folder (nbgrader changes the working directory), judging from ours.
    """
    judged: dict[HandedIn, Graded] = {}
    # Threads suffice: each waits for the processes in which one submission is judged.
    with ThreadPoolExecutor(settings.jobs) as pool:
        waiting = {pool.submit(_judge, item, settings): item for item in handed_in}
        try:
            for done in as_completed(waiting):
                judged[waiting[done]] = done.result()
                watch("judging", waiting[done])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    yield from ((item, judged[item]) for item in handed_in)


def _judge(item: HandedIn, settings: Settings) -> Graded:
    assignment = exercises.assignment(item.assignment)
    try:
        read_submission(item.notebook)
    except UnreadableError as error:
        return Graded(unreadable(assignment, str(error)), {}, 0.0)
    try:
        return grade_notebook(
            item.notebook,
            item.assignment,
            seed=settings.seed,
            limits=settings.limits,
            isolation=settings.isolation,
        )
    except Exception as error:
        # A bug of ours must cost one submission its run, not the class.
        return Graded(Verdict(item.assignment, (), error=f"{type(error).__name__}: {error}"), {}, 0.0)


def unreadable(assignment: exercises.Assignment, message: str) -> Verdict:
    """The verdict on a submission without a readable notebook: every question is missing, and says why."""
    return Verdict(
        assignment.name,
        tuple(
            QuestionResult(
                question.name,
                "manual" if question.manual else "missing",
                0.0,
                float(question.points),
                message,
            )
            for question in assignment.questions
        ),
    )


def _entered(course: Course, item: HandedIn, graded: Graded) -> Run:
    """The run of one submission, entered into the gradebook unless the grader failed."""
    error = ""
    try:
        check_verdict(graded.verdict, exercises.assignment(item.assignment))
        enter(course, item, graded)
    except (GraderError, OSError) as problem:
        error = plain(str(problem))
        withdraw(course, item)
    return Run(item.student, item.assignment, graded.verdict, graded.seconds, error)
