# Artifact forged: the same, written to every file that a grader might read, again and again, by a daemon too.
#
# expect *: missing 0

# %% [stub] *

# %% [before] explain_bias
def right_answers():
    """An artifact with the stand-ins of the grader as answers, made by the grader itself."""
    from autograder.capture.capture import capture
    from autograder.exercises import assignment
    from autograder.exercises.regression import stand_ins

    space = dict(globals(), **stand_ins.model_and_loss())

    def update(params, opt_state, x, y):
        updates, opt_state = tx.update(jax.grad(space["loss_fn"])(params, x, y), opt_state, params)
        return optax.apply_updates(params, updates), opt_state

    space["update"] = update
    return capture(space, assignment("02_regression")).to_bytes()


import contextlib
import json
import os
import time
from pathlib import Path

artifact = right_answers()
questions = [
    {"name": name, "status": "pass", "points": 3.0, "max_points": 3.0, "checks": []} for name in ("MLP", "loss_fn", "update")
]
verdict = json.dumps({"assignment": "02_regression", "questions": questions, "error": "", "versions": {}})
if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for name, content in (
            ("artifact.zip", artifact),
            ("verdict.json", verdict.encode()),
            ("results.json", verdict.encode()),
            ("events.jsonl", b'"done"\n'),
            ("judge.jsonl", b'"judge"\n"done"\n'),
        ):
            with contextlib.suppress(OSError):
                Path(name).write_bytes(content)
        time.sleep(0.05)
    os._exit(0)
