# A small number inside the logarithm, which hides confident mistakes; sigma taken for a variance.
#
# expect bernoulli_nll: fail 0 "small number inside the log"
# expect gaussian_nll: fail 0 "taken for a variance"

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    f = jax.nn.sigmoid(logits)
    return -jnp.mean(labels * jnp.log(f + 1e-8) + (1 - labels) * jnp.log(1 - f + 1e-8))

# %% gaussian_nll
def gaussian_nll(mean, sigma, y):
    return jnp.mean((y - mean) ** 2 / (2 * sigma) + 0.5 * jnp.log(2 * jnp.pi * sigma))
