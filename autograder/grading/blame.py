"""What a student is told of a process that did not end as it should: what it did, where, and what to look for."""

from __future__ import annotations

from autograder.sandbox.limits import GB, MB
from autograder.sandbox.process import Ended, Job


def blame(ended: Ended, job: Job) -> str:
    """One sentence on how student code ended its process, and one on what to do."""
    most, where = job.resources, _where(ended.stage)
    seconds = job.seconds(ended.stage)
    return {
        "timeout": f"It did not end within {seconds:.0f} s ({where}): look for a loop that never ends.",
        "too long": f"It took more than {most.wall_seconds:.0f} s in all ({where}).",
        "memory": f"It used more than {_size(most.memory)} of memory ({where}): look for an array that grows, or that "
        "is larger than it need be.",
        "cpu": f"It used more than {most.cpu_seconds:.0f} s of processor time ({where}): look for a loop that never "
        "ends.",
        "processes": f"It started more than {most.processes} processes, or {most.threads} threads ({where}): no "
        "answer needs any.",
        "flood": f"It wrote more than {_size(most.stderr)} to stderr ({where}): remove the output.",
        "malformed": f"It wrote to a pipe of the grader's own ({where}): {ended.detail}. Leave file handles alone that "
        "you have not opened.",
        "died": f"It ended its own process ({where}, {_how(ended.status)}): remove `exit`, `os._exit`, or what made it "
        "crash.",
        "done": f"It said that it was done before it was ({where}).",
    }[ended.how]


def blame_program(ended: Ended, job: Job) -> str:
    """What a program did to the judge; goes on after "The program of `MDN`"."""
    most = job.resources
    return {
        "timeout": f"did not end within {job.seconds(ended.stage):.0f} s while it was judged.",
        "memory": f"used more than {_size(most.memory)} of memory while it was judged.",
        "died": f"crashed ({_how(ended.status)}) while it was judged.",
    }.get(ended.how, f"took more than it may ({ended.how}) while it was judged.")


def _where(stage: str) -> str:
    """The stage in a student's words; cells are counted from 1."""
    kind, _, name = stage.partition(" ")
    if kind == "cell":
        return f"cell {int(name) + 1}"
    return f"calling {name}" if kind == "question" else stage


def _how(status: int | None) -> str:
    return f"signal {-status}" if status is not None and status < 0 else f"exit status {status}"


def _size(size: int) -> str:
    return f"{size / GB:g} GB" if size >= GB else f"{size / MB:g} MB"
