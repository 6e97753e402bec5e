# Notebook: the check cells are gone, and others that always pass have come.
#
# expect *: missing 0

# %% [stub] *

# %% [delete] check-MLP

# %% [delete] check-loss_fn

# %% [delete] check-update

# %% [after] update
assert True
3.0
