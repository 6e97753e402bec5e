# Not normalised.
#
# expect reweight: fail 0 "integrate to 1"

# %% reweight
def reweight(log_posterior, log_prior, log_new_prior, grid):
    return log_posterior - log_prior + log_new_prior
