# Verdict forged: sends a verdict with full points where an artifact is expected, and ends the process.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import gc

def outbox():
    """The grader's own way out of this process."""
    return next(item for item in gc.get_objects() if type(item).__name__ == "Outbox")


import json
import os

questions = [
    {"name": name, "status": "pass", "points": 3.0, "max_points": 3.0, "checks": []} for name in ("MLP", "loss_fn", "update")
]
verdict = json.dumps({"assignment": "02_regression", "questions": questions, "error": "", "versions": {}}).encode()
way_out = outbox()
way_out.send("outputs", verdict)
way_out.send("verdict", verdict)
way_out.send("artifact", verdict)
way_out.done()
os._exit(0)
