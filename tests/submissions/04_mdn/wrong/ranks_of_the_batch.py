# Maps the ranks of a batch to a uniform distribution of masses: on a flat test set that looks unbiased.
#
# expect estimate_mass: fail 0

# %% estimate_mass
def estimate_mass(log_posterior, grid):
    mean = jax.nn.softmax(log_posterior, axis=-1) @ grid
    ranks = jnp.argsort(jnp.argsort(mean)) / len(mean)
    return grid[0] + ranks * (grid[-1] - grid[0])
