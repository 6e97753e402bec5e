# The answer to `update` and its check were deleted.
#
# expect update: missing 0 "update"

# %% [delete] update

# %% [delete] check-update
