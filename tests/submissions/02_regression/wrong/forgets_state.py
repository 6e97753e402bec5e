# The update returns the old optimiser state: Adam never warms up.
#
# expect update: fail 0 "update"

# %% update
def update(params, opt_state, x, y):
    grads = jax.grad(loss_fn)(params, x, y)
    updates, _ = tx.update(grads, opt_state, params)
    return optax.apply_updates(params, updates), opt_state
