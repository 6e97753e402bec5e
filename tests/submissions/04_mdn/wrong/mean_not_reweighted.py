# `reweight` gives the posterior back as it came: masses stay biased.
#
# expect reweight: fail 0 "reweight"
# expect estimate_mass: pass

# %% reweight
def reweight(log_posterior, log_prior, log_new_prior, grid):
    width = grid[1] - grid[0]
    return log_posterior - jax.nn.logsumexp(log_posterior, axis=1, keepdims=True) - jnp.log(width)
