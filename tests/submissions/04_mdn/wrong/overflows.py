# exp() of an unnormalised log density overflows.
#
# expect reweight: fail 0 "not finite" "logsumexp"
# expect estimate_mass: fail 0 "log density shifted"

# %% reweight
def reweight(log_posterior, log_prior, log_new_prior, grid):
    density = jnp.exp(log_posterior - log_prior + log_new_prior)
    return jnp.log(density / (density.sum(axis=1, keepdims=True) * (grid[1] - grid[0])))

# %% estimate_mass
def estimate_mass(log_posterior, grid):
    density = jnp.exp(log_posterior)
    return (density * grid).sum(axis=1) / density.sum(axis=1)
