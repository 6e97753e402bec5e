# Notebook: the check cells say what they ought to say, and are nobody's check cells any more.
#
# expect *: missing 0

# %% [stub] *

# %% [change] check-MLP
3.0

# %% [change] check-loss_fn
3.0

# %% [change] check-update
3.0

# %% [metadata] check-MLP
{"nbgrader": {"locked": false, "grade": true, "solution": true}}

# %% [metadata] check-loss_fn
{"nbgrader": {"grade_id": "check-loss_fn-2", "grade": false}}

# %% [metadata] check-update
{"nbgrader": {"grade": false, "locked": false, "task": true}}
