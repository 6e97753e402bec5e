# The gradient is subtracted from the parameters once more: the steps go uphill.
#
# expect update: fail 0 "uphill"

# %% update
def update(params, opt_state, x, y):
    grads = jax.grad(loss_fn)(params, x, y)
    updates, opt_state = tx.update(grads, opt_state)
    return jax.tree.map(lambda p, u: p - u, params, updates), opt_state
