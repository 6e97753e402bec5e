# A cell that never ends, in Python.
#
# expect update: error 0 "update" "did not end"

# %% update
def update(params, opt_state, x, y):
    return params, opt_state


while True:
    pass
