# NumPy inside the loss: it cannot be traced.
#
# expect loss_fn: fail 0 "loss_fn"

# %% loss_fn
import numpy as np


def loss_fn(params, x, y):
    return -np.mean(np.asarray(model.apply(params, x).log_prob(y[:, 0])))
