# Plain gradient descent, where a step of `tx` is asked for.
#
# expect update: fail 0 "state"

# %% update
def update(params, opt_state, x, y):
    grads = jax.grad(loss_fn)(params, x, y)
    return jax.tree.map(lambda p, g: p - 1e-3 * g, params, grads), opt_state
