# JSON, but no notebook.
#
# expect *: missing 0

# %% [file]
["to be handed in later"]
