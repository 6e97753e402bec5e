"""Grade a class: judge several submissions at a time, and enter each as soon as it is judged."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.metadata import version

from sqlalchemy.exc import SQLAlchemyError

from autograder import exercises
from autograder.grading.cells import cells_to_run
from autograder.grading.grade import Graded, grade_notebook
from autograder.grading.limits import STANDARD, Limits
from autograder.nbgrader import unfinished
from autograder.nbgrader.bridge import enter, withdraw
from autograder.nbgrader.course import Course, HandedIn
from autograder.nbgrader.marking import GraderError, check_verdict
from autograder.nbgrader.register import register
from autograder.nbgrader.room import require_room
from autograder.report.results import Run
from autograder.report.text import plain
from autograder.sandbox.local import NO_ISOLATION
from autograder.sandbox.process import abandoned
from autograder.sandbox.running import Isolation
from autograder.wire.verdict import Verdict

# Called with what happens ("judging", "writing") to which submission, once for each.
Watch = Callable[[str, HandedIn], None]

# Where these happen to one submission they happen to all: no space left, nothing can be written.
_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


@dataclass(frozen=True)
class Settings:
    """How to judge: `seed` makes the hidden data, `jobs` submissions are judged at a time, each apart."""

    seed: int
    jobs: int = 1
    isolation: Isolation = NO_ISOLATION
    limits: Limits = STANDARD


def grade(course: Course, handed_in: Sequence[HandedIn], settings: Settings, watch: Watch) -> list[Run]:
    """Grade submissions into the course's gradebook, `autograded/` and `feedback/`.

    No submission stops another: where the grader fails, that run has an `error` and no grade. Killed at any moment, it
    leaves each submission with the whole grade of an earlier run, with none, or with its whole new grade.

    Raises:
        OSError, SQLAlchemyError: nothing can be written any more.
    """
    require_room(course.private)
    note = unfinished.begin(course, handed_in)
    for assignment in dict.fromkeys(item.assignment for item in handed_in):
        register(course, assignment)
        # Reads the release from where we are; nbgrader changes the working directory while others are judged.
        cells_to_run((), exercises.assignment(assignment))
    runs: dict[HandedIn, Run] = {}
    with closing(_judged(course, handed_in, settings, watch)) as judged:
        for item, graded in judged:
            runs[item] = _entered(course, item, graded)
            note.graded(item)
            watch("writing", item)
    return [runs[item] for item in handed_in]


def versions(runs: Sequence[Run]) -> dict[str, str]:
    """The versions of what graded: of this side, and what the judge said of its own."""
    found = {name: version(name) for name in ("clustermass", "nbgrader")}
    for run in runs:
        found |= run.verdict.versions
    return found


def _judged(
    course: Course, handed_in: Sequence[HandedIn], settings: Settings, watch: Watch
) -> Generator[tuple[HandedIn, Graded]]:
    """Every submission with its verdict, as soon as it has one.

    An earlier result is withdrawn when judging begins, not sooner: a run that is killed costs no grade that it did not
    come to.
    """
    to_do, judging = deque(handed_in), dict[Future[Graded], HandedIn]()
    # Threads suffice: each waits for the processes in which one submission is judged.
    with ThreadPoolExecutor(settings.jobs) as pool:
        try:
            while to_do or judging:
                done, _ = wait(judging, return_when=FIRST_COMPLETED) if judging else (set(), set())
                judged = [(judging.pop(future), future.result()) for future in done]
                while (
                    to_do and len(judging) <= settings.jobs
                ):  # one more, so that no thread waits for its next
                    item = to_do.popleft()
                    judging[pool.submit(_judge, course, item, settings)] = _withdrawn(course, item)
                for item, graded in judged:
                    watch("judging", item)
                    yield item, graded
        except BaseException:
            with abandoned():
                pool.shutdown(cancel_futures=True)
            raise


def _withdrawn(course: Course, item: HandedIn) -> HandedIn:
    with suppress(GraderError):  # said again, and reported, when the new result is entered
        withdraw(course, item)
    return item


def _judge(course: Course, item: HandedIn, settings: Settings) -> Graded:
    try:
        return grade_notebook(
            item.notebook,
            item.assignment,
            seed=settings.seed,
            limits=settings.limits,
            isolation=settings.isolation,
            within=course.submitted,
        )
    except Exception as error:
        # A bug of ours must cost one submission its run, not the class.
        return Graded(Verdict(item.assignment, (), error=f"{type(error).__name__}: {error}"), {}, 0.0)


def _entered(course: Course, item: HandedIn, graded: Graded) -> Run:
    """The run of one submission, entered into the gradebook unless the grader failed."""
    error = ""
    require_room(course.private)
    try:
        check_verdict(graded.verdict, exercises.assignment(item.assignment))
        enter(course, item, graded)
    except SQLAlchemyError:
        raise
    except Exception as problem:  # of this submission alone, even if it is a bug of ours
        if isinstance(problem, OSError) and problem.errno in _OF_THE_DISK:
            raise
        error = plain(str(problem)) or type(problem).__name__
        _withdrawn(course, item)
    return Run(item.student, item.assignment, graded.verdict, graded.seconds, error, graded.unreadable)
