# Grader's own answers: the stubs stay; at run time the names are bound to the stand-ins that the grader carries.
#
# expect *: missing 0

# %% [stub] *

# %% [after] check-update
from autograder.exercises.regression import stand_ins

get_ipython().user_ns.update(stand_ins.model_and_loss())


def _step(params, opt_state, x, y):
    updates, opt_state = tx.update(jax.grad(loss_fn)(params, x, y), opt_state, params)
    return optax.apply_updates(params, updates), opt_state


get_ipython().user_ns["update"] = _step
