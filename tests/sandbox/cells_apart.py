"""Cells run apart, as capture runs them."""

from dataclasses import dataclass, field

from autograder.capture.request import ARTIFACT, MAX_ARTIFACT, OUTPUTS, REQUEST, Request
from autograder.sandbox.limits import GB, MB, Resources
from autograder.sandbox.process import Ended, Job, run_apart
from autograder.wire import outputs

# Little, so that tests of limits are quick; JAX alone needs about 300 MB.
SMALL = Resources(memory=1 * GB, disk=20 * MB, processes=10, wall_seconds=100.0)


@dataclass(frozen=True)
class Ran:
    """How a process ended, and what its cells printed, by number."""

    ended: Ended
    printed: dict[int, str] = field(default_factory=dict)


def capture_cells(isolation, *cells, resources=SMALL, seconds=60.0, questions=()):
    """Run cells as capture does; no answer is captured."""
    request = Request("02_regression", tuple((i, cell, None) for i, cell in enumerate(cells)), questions, {})
    job = Job(
        "autograder.capture.run",
        {REQUEST: request.to_json()},
        request.stages,
        {OUTPUTS: outputs.MAX_BYTES, ARTIFACT: MAX_ARTIFACT},
        lambda stage: 60.0 if stage == "start" else seconds,
        resources,
    )
    ended = run_apart(job, isolation)
    shown = outputs.loads(ended.results[OUTPUTS], range(len(cells))) if OUTPUTS in ended.results else {}
    return Ran(ended, {i: "".join(map(_text, of_cell)) for i, of_cell in shown.items()})


def _text(output):
    return output.get("text", output.get("evalue", ""))
