# A cell that never ends, inside a compiled program: no interrupt gets through.
#
# expect update: error 0 "update" "did not end"

# %% update
def update(params, opt_state, x, y):
    return params, opt_state


jax.lax.while_loop(lambda n: True, lambda n: n + 1, 0)
