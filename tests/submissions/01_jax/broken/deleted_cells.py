# An answer and a given cell were deleted; what is given is given nevertheless.
#
# expect gradient: missing 0 "gradient"

# %% [delete] gradient

# %% [delete] functions-of-three
