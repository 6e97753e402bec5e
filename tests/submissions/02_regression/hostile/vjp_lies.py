# Gradient: a loss whose value is right and whose gradient is zero, by a derivative of its own.
#
# expect loss_fn: fail 2.4 "gradient"
# expect update: fail 0

# %% loss_fn
@jax.custom_vjp
def squared(residual):
    return jnp.mean(residual**2)


squared.defvjp(lambda residual: (jnp.mean(residual**2), residual), lambda residual, cotangent: (0 * residual,))


def loss_fn(params, x, y):
    return squared(model.apply(params, x) - y)
