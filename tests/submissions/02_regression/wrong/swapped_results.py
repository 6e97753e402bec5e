# The update returns its results in the wrong order.
#
# expect update: fail 0 "params, opt_state"

# %% update
def update(params, opt_state, x, y):
    grads = jax.grad(loss_fn)(params, x, y)
    updates, opt_state = tx.update(grads, opt_state)
    return opt_state, optax.apply_updates(params, updates)
