"""How fast a class is graded: seconds a submission, one at a time and on all cores, in one run.

    python benchmarks/grading_throughput.py [--students N]

Hands in copies of the reference of 04_mdn, whose unbiased-mass check trains a network for every student, and grades
them as `autograder grade` does, gradebook and feedback included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.nbgrader.handed_in import write
from autograder.nbgrader.submissions import read

ASSIGNMENT = "04_mdn"
REFERENCE = Path(__file__).parents[1] / "tests" / "submissions" / ASSIGNMENT / "right" / "reference.py"


def grade_seconds(course: Path, jobs: int) -> float:
    """Seconds of grading the whole course with `jobs` submissions at a time."""
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        ASSIGNMENT,
        "--course",
        str(course),
        "--jobs",
        str(jobs),
    ]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(students: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        for number in range(students):
            write(
                read(REFERENCE),
                course / "submitted" / f"student{number}" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb",
            )
        grade_seconds(course, 1)  # caches, the gradebook
        serial = grade_seconds(course, 1)
        print(
            f"{students} submissions of {ASSIGNMENT}\n\n| jobs | seconds a submission | × one job |\n|---|---|---|"
        )
        print(f"| 1 | {serial / students:.1f} | 1.00 |")
        cores = os.cpu_count() or 1
        if cores > 1:
            parallel = grade_seconds(course, cores)
            print(f"| {cores} | {parallel / students:.1f} | {parallel / serial:.2f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=4)
    main(parser.parse_args().students)
