# Artifact forged: stubs, and an artifact of right answers that the cell makes itself, sends and ends the process.
#
# expect *: missing 0

# %% [stub] *

# %% [before] explain_bias
import gc

def outbox():
    """The grader's own way out of this process."""
    return next(item for item in gc.get_objects() if type(item).__name__ == "Outbox")


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


import os

way_out, artifact = outbox(), right_answers()
way_out.send("outputs", b"[]")
way_out.send("artifact", artifact)
way_out.done()
os._exit(0)
