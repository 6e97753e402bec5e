# Notebook: a second cell with the id of each check, which has the points as its value.
#
# expect *: missing 0

# %% [stub] *

# %% [duplicate] check-MLP
3.0

# %% [duplicate] check-loss_fn
3.0

# %% [duplicate] check-update
3.0
