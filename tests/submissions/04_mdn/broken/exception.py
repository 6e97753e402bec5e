# One answer raises as soon as its cell runs.
#
# expect reweight: error 0 "reweight" "undefined_name"

# %% reweight
undefined_name

def reweight(log_posterior, log_prior, log_new_prior, grid):
    return log_posterior
