# Takes the log density for the density.
#
# expect estimate_mass: fail 0 "log density"

# %% estimate_mass
def estimate_mass(log_posterior, grid):
    weights = log_posterior / log_posterior.sum(axis=1, keepdims=True)
    return weights @ grid
