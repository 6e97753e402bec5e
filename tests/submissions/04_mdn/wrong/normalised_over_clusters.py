# Normalised over the batch, where the grid is meant.
#
# expect reweight: fail 0 "grid"

# %% reweight
def reweight(log_posterior, log_prior, log_new_prior, grid):
    unnormalised = log_posterior - log_prior + log_new_prior
    return unnormalised - jax.nn.logsumexp(unnormalised) - jnp.log(grid[1] - grid[0])
