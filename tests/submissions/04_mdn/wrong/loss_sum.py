# The loss adds up the batch, where the mean is asked for.
#
# expect loss_fn: fail 0 "sum over the batch"

# %% loss_fn
def loss_fn(params, x, y):
    return -model.apply(params, x).log_prob(y[:, 0]).sum()
