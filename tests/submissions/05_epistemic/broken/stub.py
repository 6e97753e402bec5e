# The release as it was handed out: every answer is a stub.
#
# expect *: missing 0

# %% [stub] *
