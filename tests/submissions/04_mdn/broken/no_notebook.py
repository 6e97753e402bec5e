# A folder was handed in, without a notebook in it.
#
# expect *: missing 0

# %% [no file]
