# `y` of shape (b, 1) goes into `log_prob` of a batch (b,): all pairs, not all rows.
#
# expect loss_fn: fail 0 "loss_fn"

# %% loss_fn
def loss_fn(params, x, y):
    return -model.apply(params, x).log_prob(y).mean()
