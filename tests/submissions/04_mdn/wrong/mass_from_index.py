# The position in the grid, where the mass there is asked for.
#
# expect estimate_mass: fail 0 "units of `grid`"

# %% estimate_mass
def estimate_mass(log_posterior, grid):
    return jnp.argmax(log_posterior, axis=1).astype(jnp.float32)
