"""`autograder grade` with shorter time limits, for attacks that never end: `python impatient.py grade …`."""

from functools import partial

from autograder import cli
from autograder.cli import class_run
from autograder.grading.limits import Limits

LIMITS = Limits(cell_seconds=45.0, question_seconds=60.0, notebook_seconds=300.0, judge_seconds=90.0)

if __name__ == "__main__":
    class_run.Settings = partial(class_run.Settings, limits=LIMITS)
    cli.main()
