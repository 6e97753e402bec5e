# `jnp.where` makes the value right, but the branch that is not taken is infinite and makes the gradient NaN.
#
# expect bernoulli_nll: fail 0 "both branches of a `jnp.where`"
# expect gaussian_nll: fail 0 "log(sigma²)"

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    z = jnp.where(labels == 1, logits, -logits)
    f = jax.nn.sigmoid(z)
    return jnp.mean(jnp.where(z < -15, -z, -jnp.log(f)))

# %% gaussian_nll
def gaussian_nll(mean, sigma, y):
    return jnp.mean(0.5 * ((y - mean) / sigma) ** 2) + jnp.log(sigma**2) + 0.5 * jnp.log(2 * jnp.pi)
