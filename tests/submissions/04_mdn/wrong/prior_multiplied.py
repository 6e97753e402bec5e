# The training prior is multiplied in once more, where it must be divided out.
#
# expect reweight: fail 0 "reweight"

# %% reweight
def reweight(log_posterior, log_prior, log_new_prior, grid):
    log_density = log_posterior + log_prior + log_new_prior
    width = grid[1] - grid[0]
    return log_density - jax.nn.logsumexp(log_density, axis=1, keepdims=True) - jnp.log(width)
