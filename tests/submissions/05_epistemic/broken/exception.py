# One answer raises as soon as its cell runs.
#
# expect decompose: error 0 "decompose" "undefined_name"

# %% decompose
undefined_name

def decompose(means, variances):
    return variances.mean(axis=0), means.var(axis=0)
