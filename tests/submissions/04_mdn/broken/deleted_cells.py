# The answer to `reweight` was deleted.
#
# expect reweight: missing 0 "reweight"

# %% [delete] reweight
