# Score forged: the metadata of the check cells and of the written answer say other points, and none to lose.
#
# expect *: missing 0

# %% [stub] *

# %% [metadata] check-MLP
{"nbgrader": {"points": 0}, "points": 100}

# %% [metadata] check-loss_fn
{"nbgrader": {"points": 1000000}}

# %% [metadata] check-update
{"nbgrader": {"points": -100}}

# %% [metadata] explain_bias
{"nbgrader": {"points": 100, "grade": false}, "score": 100, "manual_score": 100}
