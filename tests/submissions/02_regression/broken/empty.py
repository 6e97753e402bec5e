# A file of no bytes.
#
# expect *: missing 0

# %% [file]
