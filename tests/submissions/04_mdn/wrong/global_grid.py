# `estimate_mass` uses a global grid of its own, not the argument.
#
# expect estimate_mass: fail 0 "estimate_mass"

# %% estimate_mass
my_grid = jnp.linspace(-1.0, 2.0, 301)


def estimate_mass(log_posterior, grid):
    weights = jax.nn.softmax(log_posterior, axis=1)
    return weights @ jnp.linspace(-1.0, 2.0, weights.shape[1]) + 0.0 * my_grid[0]
