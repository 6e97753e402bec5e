"""How long a student waits: imports, each check in a warm kernel, and the verification of the largest answer.

    python benchmarks/check_latency.py [--rounds N]

Seconds are of this machine; the ratios travel: imports over `import numpy`, checks over one epoch of training the
reference network on 200,000 clusters, measured in the same run.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
STRUCTURAL_SECONDS, UNBIASED_SECONDS, VERIFICATION_SECONDS = 2.0, 20.0, 0.1


def timed(action: Callable[[], Any], rounds: int) -> float:
    """Median seconds of `action`."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def import_seconds(module: str, rounds: int) -> float:
    """Median seconds of importing `module` in a fresh interpreter, the interpreter's own start not counted."""
    program = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", program]
    return statistics.median(float(subprocess.check_output(command, text=True)) for _ in range(rounds))


def epoch_seconds() -> float:
    """Seconds of one epoch of the reference network with a squared error: the yardstick of the checks."""
    import flax.linen as nn
    import jax
    import numpy as np

    from clustermass import fit

    random = np.random.default_rng(0)
    x = random.normal(size=(200_000, 14)).astype(np.float32)
    network = nn.Sequential(
        [nn.Dense(128), nn.relu, nn.Dense(128), nn.relu, nn.Dense(64), nn.tanh, nn.Dense(1)]
    )
    params = network.init(jax.random.PRNGKey(0), x[:1])
    loss = lambda params, x, y: ((network.apply(params, x) - y) ** 2).mean()  # noqa: E731
    _, history = fit(loss, params, x, x[:, :1], epochs=3, progress=False)
    return float(statistics.median(history.seconds))


def checks(assignment: str, rounds: int) -> dict[str, float]:
    """Median seconds of each check of the reference solution, in an IPython shell, the first call not counted."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from autograder.exercises import assignment as find
    from autograder.nbgrader.sources import read

    shell = InteractiveShell.instance()
    shell.reset()
    for cell in read(ROOT / "source" / assignment / f"{assignment}.py").notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and ("given" in tags or cell.metadata.nbgrader.solution):
            with capture_output():
                shell.run_cell(cell.source).raise_error()

    def check(question: str) -> None:
        with capture_output():
            result = shell.run_cell(f"autograder.check({question!r})")
        assert float(result.result) == find(assignment)[question].points

    found = {}
    for question in find(assignment).automatic:
        check(question.name)
        found[question.name] = timed(lambda name=question.name: check(name), rounds)  # type: ignore[misc]
    return found


def verification(rounds: int) -> float:
    """Median seconds of verifying the programs of 04's `MDN`, after `checks` of it; what was accepted is forgotten."""
    from IPython.core.interactiveshell import InteractiveShell

    from autograder.capture.capture import capture
    from autograder.exercises import assignment as find
    from autograder.judge import verify

    captured = capture(InteractiveShell.instance().user_ns, find("04_mdn"), ["MDN"])["MDN"]
    programs = [program for program in captured.programs if program.variant == "own"]

    def again() -> None:
        verify._ACCEPTED.clear()
        verify.verify(programs)

    return timed(again, rounds)


def main(rounds: int) -> int:
    """Print the tables; the exit status is 1 if a check took longer than its limit."""
    numpy = import_seconds("numpy", rounds)
    print("| import | seconds | × numpy |\n|---|---|---|")
    for module in ("numpy", "clustermass", "autograder", "jax"):
        seconds = import_seconds(module, rounds)
        print(f"| {module} | {seconds:.3f} | {seconds / numpy:.1f} |")
    from autograder.exercises import ASSIGNMENTS

    epoch = epoch_seconds()
    print(f"\nOne epoch of the reference network: {epoch:.2f} s\n")
    print("| check | seconds | × epoch | limit |\n|---|---|---|---|")
    late = False
    for assignment in ASSIGNMENTS:
        for question, seconds in checks(assignment, rounds).items():
            limit = UNBIASED_SECONDS if question == "estimate_mass" else STRUCTURAL_SECONDS
            late |= seconds > limit
            print(f"| {assignment} {question} | {seconds:.2f} | {seconds / epoch:.1f} | {limit:.0f} s |")
        if assignment == "04_mdn":
            seconds = verification(rounds)
            late |= seconds > VERIFICATION_SECONDS
            print(
                f"| verification of MDN | {seconds:.3f} | {seconds / epoch:.2f} | {VERIFICATION_SECONDS} s |"
            )
    return int(late)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    sys.exit(main(parser.parse_args().rounds))
